/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.verify;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.erasure.Proof;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.seal.Committed;
import dev.traversion.archive.seal.Removal;
import dev.traversion.archive.seal.Seal;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.wal.WalFollower;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the whole recording of a cluster: the chain of seals, each sealed file against its hash, every row of every part, and the log.
 * It goes on after what is damaged, to tell all of it.
 */
public final class Verification {

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final Consumer<String> progress;
    private final VerifyReport report = new VerifyReport();
    private final Set<String> sealedFiles = new HashSet<>();
    private final Set<String> removed = new HashSet<>();
    private int removedUpTo;

    /**
     * @param copies of the store
     * @param progress told of each file before it is read
     */
    public Verification(Store store, String clusterId, LocalCopies copies, Consumer<String> progress) {
        this.store = store;
        this.layout = new Layout(clusterId);
        this.copies = copies;
        this.progress = progress;
    }

    /** @throws IOException if the store cannot be read */
    public VerifyReport run() throws IOException {
        Committed committed;
        try {
            committed = new CommitLog(store, layout, copies).load();
        } catch (TraversionException e) {
            report.damaged(e.getMessage());
            return report;
        } catch (NoSuchFileException e) {
            report.damaged(
                    e.getMessage() + " is missing, which a commit names. Restore it from a copy of the recording.");
            return report;
        }
        removed(committed.commit());
        seals(committed.commit());
        for (PartFile part : committed.parts()) {
            check(part.path(), () -> part(part));
            if (!sealedFiles.contains(part.path())) {
                report.note(part.path() + " is in no seal yet; the next commit makes up for it.");
            }
        }
        check(layout.wal(), () -> log(committed));
        stamps();
        strays(committed);
        return report;
    }

    @FunctionalInterface
    private interface Check {
        void run() throws IOException;
    }

    /** Damage is told, and what is missing is damage. */
    private void check(String path, Check check) throws IOException {
        progress.accept(path);
        try {
            check.run();
        } catch (TraversionException e) {
            report.damaged(e.getMessage());
        } catch (NoSuchFileException e) {
            report.damaged(path + " is missing.");
        }
    }

    /** What sealed removals name may be gone. */
    private void removed(int newest) throws IOException {
        for (int number = 2; number <= newest; number++) {
            try {
                Optional<byte[]> seal = read(layout.seal(number));
                if (seal.isEmpty()) {
                    continue;
                }
                for (Seal.SealedFile file : StoredJson.read(
                                StampedJson.check(seal.get(), layout.seal(number)), Seal.class)
                        .files()) {
                    Optional<byte[]> removal = file.path().startsWith(Removal.FOLDER)
                            ? read(layout.root() + file.path())
                            : Optional.empty();
                    if (removal.isPresent()) {
                        Removal read = StoredJson.read(
                                StampedJson.check(removal.get(), layout.root() + file.path()), Removal.class);
                        removed.addAll(read.files());
                        removedUpTo = Math.max(removedUpTo, read.upTo());
                    }
                }
            } catch (JacksonException | TraversionException e) {
                // Told when the seal itself, or the file it seals, is checked.
                progress.accept(layout.seal(number));
            }
        }
    }

    private void seals(int newest) throws IOException {
        String before = "";
        List<String> missing = new ArrayList<>();
        for (int number = 2; number <= newest; number++) {
            String path = layout.seal(number);
            progress.accept(path);
            Optional<byte[]> content = read(path);
            if (content.isEmpty()) {
                missing.add(path);
                before = "";
                continue;
            }
            // Commits are sealed in their order.
            missing.forEach(gone -> report.damaged(gone + " is missing: the chain of seals is broken."));
            missing.clear();
            try {
                seal(StoredJson.read(StampedJson.check(content.get(), path), Seal.class), path, number, before);
            } catch (TraversionException e) {
                report.damaged(e.getMessage());
            } catch (JacksonException e) {
                report.damaged(path + " is damaged: it is not a seal.");
            }
            before = HexFormat.of().formatHex(digest().digest(content.get()));
        }
        missing.forEach(unsealed -> report.note(unsealed + " is not there yet; the next commit makes up for it."));
    }

    private void seal(Seal seal, String path, int number, String before) throws IOException {
        report.seal();
        if (seal.number() != number) {
            report.damaged(path + " is damaged: it is the seal of commit " + seal.number() + ".");
        }
        if (!seal.previous().equals(before) && !before.isEmpty()) {
            report.damaged(path + " does not follow the seal before it: one of the two was changed.");
        }
        for (Seal.SealedFile file : seal.files()) {
            String name = layout.root() + file.path();
            sealedFiles.add(name);
            // Of what is old, only what is in use is kept, and that is read elsewhere. Metadata of old commits is not:
            // whoever
            // slept may have made one of its number anew, which nobody reads.
            boolean isOld = seal.number() <= removedUpTo && !file.path().startsWith(Proof.FOLDER);
            boolean isOldCommit = isOld && file.path().endsWith(".metadata.json");
            if (!isOldCommit && ((!isOld && !removed.contains(name)) || isThere(name))) {
                check(name, () -> file(name, file));
            }
        }
    }

    private boolean isThere(String path) throws IOException {
        return store.list(path).stream().anyMatch(file -> file.path().equals(path));
    }

    private void file(String path, Seal.SealedFile sealed) throws IOException {
        MessageDigest digest = digest();
        long bytes;
        try (InputStream in = new DigestInputStream(store.read(path), digest)) {
            bytes = in.transferTo(OutputStream.nullOutputStream());
        }
        report.file(bytes);
        if (bytes != sealed.bytes()
                || !HexFormat.of().formatHex(digest.digest()).equals(sealed.sha256())) {
            report.damaged(path + " is damaged: it has " + bytes + " bytes, and is not what was sealed ("
                    + sealed.bytes() + " bytes). Restore it from a copy of the recording.");
        }
    }

    /** Every body is decompressed, checked against its page's checksum, and put together. */
    private void part(PartFile part) throws IOException {
        PartReader reader = copies.open(part.path(), file -> PartReader.open(file, part.path(), PartCaches.forHeap()));
        report.part(part.rows());
        for (ResourceType type : reader.types(Long.MAX_VALUE)) {
            // Carry rows are no changes: those that were changed are the state at the start, the others that at the
            // end.
            for (long time : new long[] {part.start(), Long.MAX_VALUE}) {
                try (VersionCursor states = reader.states(type, "", null, time)) {
                    while (states.next()) {
                        readBody(states.current());
                    }
                }
            }
            long[] last = {Long.MIN_VALUE};
            reader.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                if (version.observedAt() <= last[0]) {
                    report.damaged(part.path() + " is damaged: its changes of " + type + " are not in order.");
                }
                last[0] = version.observedAt();
                readBody(version);
                return true;
            });
        }
    }

    private static void readBody(ObjectVersion version) {
        byte[] body = version.body();
        if (body.length != version.bodyLength()) {
            throw new TraversionException(version.key() + " of version " + version.resourceVersion() + " has "
                    + body.length + " bytes instead of " + version.bodyLength() + ".");
        }
    }

    private void log(Committed committed) throws IOException {
        try {
            readLog(committed);
        } catch (NoSuchFileException e) {
            report.damaged(e.getMessage() + " is missing, although the log goes on after it.");
        }
    }

    private void readLog(Committed committed) throws IOException {
        try (WalFollower wal = new WalFollower(store, layout.wal())) {
            wal.poll(committed.sealed(), null);
            report.log(wal.lastSegments().size(), wal.tail().size());
            wal.unread()
                    .forEach((path, bytes) -> report.note(path + " ends with " + bytes
                            + " bytes of a write that is under way, or that a crash broke off; nothing that counted as recorded is"
                            + " in them."));
        }
    }

    /** Small files that carry a checksum of themselves: also those that nothing refers to any more. */
    private void stamps() throws IOException {
        for (StoredFile file : store.list(layout.root())) {
            String path = file.path();
            if (path.endsWith(".json") && !path.startsWith(layout.writers())) {
                check(path, () -> stamp(path));
            }
        }
    }

    private void stamp(String path) throws IOException {
        Optional<byte[]> content = read(path);
        try {
            if (content.isPresent()
                    && !StoredJson.read(StampedJson.check(content.get(), path), JsonNode.class)
                            .isObject()) {
                report.damaged(path + " is damaged: it is empty.");
            }
        } catch (JacksonException e) {
            report.damaged(path + " is damaged: it is not JSON.");
        }
    }

    /** Files that no commit names: of an attempt that failed. */
    private void strays(Committed committed) throws IOException {
        Set<String> known = new HashSet<>();
        committed.parts().forEach(part -> known.add(part.path()));
        for (StoredFile file : store.list(layout.versions() + "/data/")) {
            if (!known.contains(file.path())) {
                report.note(file.path() + " is in no commit: it was left behind when one failed, and is not read.");
            }
        }
    }

    private Optional<byte[]> read(String path) throws IOException {
        try (InputStream in = store.read(path)) {
            return Optional.of(in.readAllBytes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
