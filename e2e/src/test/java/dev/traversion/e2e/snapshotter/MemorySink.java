/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.snapshotter;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingProgress;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.coverage.CoverageFold;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Keeps what a snapshotter says, and refuses what a recording could not use. */
final class MemorySink implements RecordingSink {

    private final List<Change> changes = new ArrayList<>();
    private final List<CoverageMark> marks = new ArrayList<>();
    private final Map<ResourceType, Long> times = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();

    @Override
    public synchronized void append(Change change) {
        Long before = times.put(change.key().type(), change.observedAt());
        if (before != null && before >= change.observedAt()) {
            complaints.add("time does not rise at " + change.key() + ": " + before + ", " + change.observedAt());
        }
        changes.add(change);
    }

    @Override
    public synchronized void mark(CoverageMark mark) {
        marks.add(mark);
    }

    @Override
    public CompletableFuture<Void> synced() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized RecordingProgress progress() {
        return new RecordingProgress(changes.size(), 0, 0, 0, 0, 0, "", "");
    }

    /** What is wrong with what was said. */
    synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }

    synchronized List<Change> changes() {
        return List.copyOf(changes);
    }

    synchronized List<Change> changes(ResourceType type) {
        return changes.stream().filter(each -> each.key().type().equals(type)).toList();
    }

    synchronized List<Change> changes(ObjectKey key) {
        return changes.stream().filter(each -> each.key().equals(key)).toList();
    }

    synchronized List<CoverageMark> marks(ResourceType type) {
        return marks.stream().filter(each -> each.type().equals(type)).toList();
    }

    /** The newest version of every object that was not deleted. */
    synchronized Map<ObjectKey, Change> alive() {
        Map<ObjectKey, Change> alive = new TreeMap<>();
        for (Change change : changes) {
            if (change.operation() == Operation.DELETED) {
                alive.remove(change.key());
            } else {
                alive.put(change.key(), change);
            }
        }
        return alive;
    }

    /** Stretches and gaps of a type; what lasts is open. */
    synchronized List<CoverageInterval> coverage(ResourceType type) {
        CoverageFold fold = new CoverageFold();
        marks.forEach(fold::add);
        return fold.intervals(Long.MAX_VALUE, true).stream()
                .filter(each -> each.type().equals(type))
                .toList();
    }

    @Override
    public void close() {}
}
