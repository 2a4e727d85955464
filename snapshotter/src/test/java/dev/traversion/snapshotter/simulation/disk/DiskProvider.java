/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The operations on a simulated disk. */
final class DiskProvider extends FileSystemProvider {

    private final SimulatedDisk disk;
    private final SimulatedDisk.Faults faults;

    DiskProvider(SimulatedDisk disk, SimulatedDisk.Faults faults) {
        this.disk = disk;
        this.faults = faults;
    }

    @Override
    public String getScheme() {
        return "simulated";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    private SimulatedDisk.Node find(Path path) {
        SimulatedDisk.Node node = disk.root();
        for (Path name : path) {
            node = node instanceof SimulatedDisk.Directory directory ? directory.entries.get(name.toString()) : null;
        }
        return node;
    }

    private SimulatedDisk.Node existing(Path path) throws NoSuchFileException {
        SimulatedDisk.Node node = find(path);
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    private SimulatedDisk.Directory parent(Path path) throws IOException {
        if (existing(path.getParent()) instanceof SimulatedDisk.Directory directory) {
            return directory;
        }
        throw new NotDirectoryException(path.getParent().toString());
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        SimulatedDisk.Node node = find(path);
        boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
        boolean creates = options.contains(StandardOpenOption.CREATE_NEW)
                || (node == null && options.contains(StandardOpenOption.CREATE));
        faults.before(creates ? "create" : "open", path.toString());
        if (creates) {
            if (node != null) {
                throw new FileAlreadyExistsException(path.toString());
            }
            node = new SimulatedDisk.File();
            disk.name(parent(path), name(path), node);
        } else if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        if (writes
                && options.contains(StandardOpenOption.TRUNCATE_EXISTING)
                && node instanceof SimulatedDisk.File file) {
            disk.truncate(file, 0);
        }
        return new DiskChannel(disk, faults, path.toString(), node);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        faults.before("list", folder.toString());
        if (!(existing(folder) instanceof SimulatedDisk.Directory directory)) {
            throw new NotDirectoryException(folder.toString());
        }
        List<Path> found = new ArrayList<>();
        for (String name : directory.entries.keySet()) {
            Path path = folder.resolve(name);
            if (filter.accept(path)) {
                found.add(path);
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return found.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        faults.before("mkdir", folder.toString());
        if (find(folder) != null) {
            throw new FileAlreadyExistsException(folder.toString());
        }
        disk.name(parent(folder), name(folder), new SimulatedDisk.Directory());
    }

    @Override
    public void createLink(Path link, Path target) throws IOException {
        faults.before("link", link.toString());
        if (find(link) != null) {
            throw new FileAlreadyExistsException(link.toString());
        }
        disk.name(parent(link), name(link), existing(target));
    }

    @Override
    public void delete(Path path) throws IOException {
        faults.before("delete", path.toString());
        if (existing(path) instanceof SimulatedDisk.Directory directory && !directory.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        disk.name(parent(path), name(path), null);
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        faults.before("move", target.toString());
        SimulatedDisk.Node node = existing(source);
        disk.name(parent(target), name(target), node);
        disk.name(parent(source), name(source), null);
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        return path.equals(other);
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        existing(path);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return type.cast(new BasicFileAttributeView() {
            @Override
            public String name() {
                return "basic";
            }

            @Override
            public BasicFileAttributes readAttributes() throws IOException {
                return new Attributes(existing(path));
            }

            @Override
            public void setTimes(FileTime modified, FileTime accessed, FileTime created) throws IOException {
                existing(path).modified = modified.toMillis();
            }
        });
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return type.cast(new Attributes(existing(path)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    private record Attributes(SimulatedDisk.Node node) implements BasicFileAttributes {

        @Override
        public FileTime lastModifiedTime() {
            return FileTime.fromMillis(node.modified);
        }

        @Override
        public FileTime lastAccessTime() {
            return lastModifiedTime();
        }

        @Override
        public FileTime creationTime() {
            return lastModifiedTime();
        }

        @Override
        public boolean isRegularFile() {
            return node instanceof SimulatedDisk.File;
        }

        @Override
        public boolean isDirectory() {
            return node instanceof SimulatedDisk.Directory;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public long size() {
            return node instanceof SimulatedDisk.File file ? file.length() : 0;
        }

        @Override
        public Object fileKey() {
            return null;
        }
    }
}
