/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.RecordingProgress;
import dev.traversion.archive.RecordingSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Keeps what is written. */
public final class Written implements RecordingSink {

    private final List<Change> changes = new ArrayList<>();
    private final List<CoverageMark> marks = new ArrayList<>();

    @Override
    public void append(Change change) {
        changes.add(change);
    }

    @Override
    public void mark(CoverageMark mark) {
        marks.add(mark);
    }

    @Override
    public CompletableFuture<Void> synced() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public RecordingProgress progress() {
        return new RecordingProgress(changes.size(), 0, 0, 0, 0, 0, "", "");
    }

    @Override
    public void close() {}

    public List<Change> changes() {
        return changes;
    }

    public List<CoverageMark> marks() {
        return marks;
    }

    public List<Change> of(String resource) {
        return changes.stream()
                .filter(change -> change.key().type().resource().equals(resource))
                .toList();
    }

    public JsonNode document(String name) throws IOException {
        for (Change change : of("documents")) {
            if (change.key().name().equals(name)) {
                return new ObjectMapper().readTree(change.body());
            }
        }
        throw new AssertionError("no document " + name);
    }
}
