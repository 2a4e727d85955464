/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import dev.traversion.archive.TraversionException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A folder, an archive or a single file, told apart by content. Archives are read as streams; nothing of them is ever written to the
 * file system, whatever their entries are named.
 */
final class Source {

    static final String ACCEPTED =
            "Give an OpenShift must-gather, the output folder of kubectl cluster-info dump or Kubernetes audit logs: a folder, or"
                    + " a .tar, .tar.gz or .tar.xz of one; of audit logs a single file, too.";

    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};
    private static final byte[] USTAR = "ustar".getBytes(StandardCharsets.US_ASCII);
    private static final int USTAR_AT = 257;
    private static final int SNIFFED = 512;
    private static final int XZ_MEMORY_KIB = 256 << 10;

    private Source() {}

    /**
     * Visits every file.
     *
     * @throws TraversionException if there is nothing to read, or it is not what is accepted
     * @throws IOException if it is cut short or damaged as a whole
     */
    static void walk(Path source, EntryVisitor visitor) throws IOException {
        if (Files.isDirectory(source)) {
            walkFolder(source, visitor);
            return;
        }
        try (InputStream file = new BufferedInputStream(Files.newInputStream(source), 1 << 16)) {
            walkFile(source, file, visitor);
        } catch (NoSuchFileException e) {
            throw new TraversionException("There is no " + source + ". " + ACCEPTED, e);
        }
    }

    private static void walkFolder(Path folder, EntryVisitor visitor) throws IOException {
        List<Path> children;
        try (Stream<Path> content = Files.list(folder)) {
            children = content.sorted().toList();
        }
        walkChildren(folder, children, visitor);
    }

    private static void walkChildren(Path root, List<Path> children, EntryVisitor visitor) throws IOException {
        for (Path child : children) {
            String path = root.relativize(child).toString();
            if (Files.isSymbolicLink(child)) {
                visitor.refused(path, "it is a symbolic link");
            } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                List<Path> inside = List.of();
                try (Stream<Path> content = Files.list(child)) {
                    inside = content.sorted().toList();
                } catch (IOException e) {
                    visitor.refused(path, Failures.describe(e));
                }
                walkChildren(root, inside, visitor);
            } else {
                visitFile(path, child, visitor);
            }
        }
    }

    private static void visitFile(String path, Path file, EntryVisitor visitor) throws IOException {
        InputStream opened;
        try {
            opened = Files.newInputStream(file);
        } catch (IOException e) {
            visitor.refused(path, Failures.describe(e));
            return;
        }
        try (opened) {
            visitor.file(path, opened);
        }
    }

    private static void walkFile(Path source, InputStream file, EntryVisitor visitor) throws IOException {
        InputStream plain = new BufferedInputStream(decompressed(file), 1 << 16);
        byte[] head = peek(plain);
        if (!startsWith(head, USTAR_AT, USTAR)) {
            if (head.length == 0 || head[0] != '{') {
                throw new TraversionException(source + " is not an archive that can be imported. " + ACCEPTED);
            }
            visitor.file(source.getFileName().toString(), plain);
            return;
        }
        walkTar(new ZeroTail(plain), visitor);
    }

    /** The content of a file that may be compressed. */
    static InputStream decompressed(InputStream content) throws IOException {
        InputStream file = content.markSupported() ? content : new BufferedInputStream(content, 1 << 16);
        byte[] head = peek(file);
        if (startsWith(head, 0, GZIP)) {
            return GzipCompressorInputStream.builder()
                    .setInputStream(file)
                    .setDecompressConcatenated(true)
                    .get();
        }
        if (startsWith(head, 0, XZ)) {
            return XZCompressorInputStream.builder()
                    .setInputStream(file)
                    .setDecompressConcatenated(true)
                    .setMemoryLimitKiB(XZ_MEMORY_KIB)
                    .get();
        }
        return file;
    }

    private static void walkTar(ZeroTail content, EntryVisitor visitor) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(content, StandardCharsets.UTF_8.name());
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            String name = entry.getName();
            if (name.startsWith("/") || Arrays.asList(name.split("/")).contains("..")) {
                visitor.refused(name, "its path leads out of the archive");
            } else if (entry.isSymbolicLink() || entry.isLink()) {
                visitor.refused(name, "it is a link");
            } else if (entry.isFile()) {
                visitor.file(name, tar);
            }
        }
        // What follows is only padding, but the checksum of the whole is behind it.
        content.transferTo(java.io.OutputStream.nullOutputStream());
        if (!content.endsInZeros()) {
            throw new IOException("the end of the archive is missing");
        }
    }

    private static byte[] peek(InputStream in) throws IOException {
        in.mark(SNIFFED);
        byte[] head = in.readNBytes(SNIFFED);
        in.reset();
        return head;
    }

    private static boolean startsWith(byte[] content, int at, byte[] magic) {
        return content.length >= at + magic.length
                && Arrays.equals(content, at, at + magic.length, magic, 0, magic.length);
    }
}
