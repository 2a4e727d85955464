/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.verify;

import com.fasterxml.jackson.core.JacksonException;
import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.erasure.Proof;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.seal.Removal;
import dev.traversion.archive.seal.RepairRecord;
import dev.traversion.archive.seal.Seal;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Checks the chain of seals, and each sealed file against its hash. For one thread. */
final class SealCheck {

    private final Store store;
    private final Layout layout;
    private final Consumer<String> progress;
    private final VerifyReport report;
    private final Set<String> sealed = new HashSet<>();
    private final Set<String> removed = new HashSet<>();
    private final Set<String> checked = new HashSet<>();
    private final Map<String, Seal.SealedFile> nodes = new HashMap<>();

    /** Of what this seal and those before it name, only what is in use is kept. */
    private int removedUpTo;

    SealCheck(Store store, Layout layout, Consumer<String> progress, VerifyReport report) {
        this.store = store;
        this.layout = layout;
        this.progress = progress;
        this.report = report;
    }

    /** Files that a seal names, by path in the store. */
    Set<String> sealed() {
        return sealed;
    }

    /** The seals of the nodes' tables that seals name, by path in the store: as they were when they were named first. */
    Map<String, Seal.SealedFile> nodes() {
        return nodes;
    }

    /** Files that sealed removals name. */
    Set<String> removed() {
        return removed;
    }

    /** @param newest number of the newest commit */
    void run(int newest) throws IOException {
        removals(newest);
        String before = "";
        List<String> missing = new ArrayList<>();
        for (int number = 2; number <= newest; number++) {
            String path = layout.seal(number);
            progress.accept(path);
            Optional<byte[]> content = removed.contains(path) ? Optional.empty() : read(path);
            if (content.isEmpty()) {
                missing.add(path);
                before = "";
                continue;
            }
            // Commits are sealed in their order.
            missing.forEach(this::missing);
            missing.clear();
            try {
                seal(StoredJson.read(StampedJson.check(content.get(), path), Seal.class), path, number, before);
            } catch (TraversionException e) {
                report.damaged(path, e.getMessage());
            } catch (JacksonException e) {
                report.damaged(path, path + " is damaged: it is not a seal.");
            }
            before = Seal.sha256(content.get());
        }
        missing.forEach(unsealed -> report.note(unsealed + " is not there yet; the next commit makes up for it."));
    }

    private void missing(String seal) {
        if (removed.contains(seal)) {
            report.note(seal + " was damaged, and repair sealed again what it had sealed.");
        } else {
            report.damaged(seal, seal + " is missing: the chain of seals is broken.");
        }
    }

    /** What sealed removals name may be gone. */
    private void removals(int newest) throws IOException {
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
                        Removal told = StoredJson.read(
                                StampedJson.check(removal.get(), layout.root() + file.path()), Removal.class);
                        removed.addAll(told.files());
                        removedUpTo = Math.max(removedUpTo, told.upTo());
                        if (file.path().startsWith(RepairRecord.PREFIX)) {
                            told.reasons().forEach(reason -> report.note("Repaired: " + reason));
                        }
                    }
                }
            } catch (JacksonException | TraversionException e) {
                // Told when the seal itself, or the file it seals, is checked.
                progress.accept(layout.seal(number));
            }
        }
    }

    private void seal(Seal seal, String path, int number, String before) throws IOException {
        report.seal();
        if (seal.number() != number) {
            report.damaged(path, path + " is damaged: it is the seal of commit " + seal.number() + ".");
        }
        if (!seal.previous().equals(before) && !before.isEmpty()) {
            report.damaged(path, path + " does not follow the seal before it: one of the two was changed.");
        }
        seal.nodes().forEach(file -> nodes.putIfAbsent(layout.root() + file.path(), file));
        for (Seal.SealedFile file : seal.files()) {
            String name = layout.root() + file.path();
            sealed.add(name);
            // Metadata of old commits is not in use: whoever slept may have made one of its number anew, which nobody
            // reads.
            boolean isOld = seal.number() <= removedUpTo && !file.path().startsWith(Proof.FOLDER);
            boolean isOldCommit = isOld && file.path().endsWith(".metadata.json");
            if (!isOldCommit && checked.add(name)) {
                file(name, file, isOld || removed.contains(name));
            }
        }
    }

    private void file(String path, Seal.SealedFile file, boolean mayBeGone) throws IOException {
        progress.accept(path);
        try {
            compare(path, file);
        } catch (NoSuchFileException e) {
            if (!mayBeGone) {
                report.damaged(path, path + " is missing.");
            }
        }
    }

    private void compare(String path, Seal.SealedFile file) throws IOException {
        Seal.SealedFile now = Seal.SealedFile.of(store, layout.root(), path);
        report.file(now.bytes());
        // What is removed may be there for as long as it takes to delete it.
        if (!now.equals(file) && !removed.contains(path)) {
            report.damaged(
                    path,
                    path + " is damaged: it has " + now.bytes() + " bytes, and is not what was sealed (" + file.bytes()
                            + " bytes). Restore it from a copy of the recording.");
        }
    }

    private Optional<byte[]> read(String path) throws IOException {
        try (InputStream in = store.read(path)) {
            return Optional.of(in.readAllBytes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
