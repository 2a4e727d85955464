/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Records a made-up cluster in sessions, each of which makes a part. Types lag behind each other, so that parts overlap; objects are
 * deleted and made again under the same name, in one part and across parts, some without anybody having seen their last state.
 */
public final class RandomRecording {

    /** The cluster that is recorded. */
    public static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";

    private static final ResourceType WIDGETS = new ResourceType("example.dev", "widgets");

    private final Path files;
    private final Path state;
    private final Random random;
    private final SyntheticCluster cluster;
    private final Map<String, String> alive = new HashMap<>();
    private final List<Change> late = new ArrayList<>();
    private boolean opened;

    public RandomRecording(Path files, Path state, long seed) {
        this.files = files;
        this.state = state;
        random = new Random(seed);
        cluster = new SyntheticCluster(seed, 20 + random.nextInt(30), 1_000_000);
    }

    /** Records so many changes, about, and seals them. */
    public void session(int count) throws IOException, InterruptedException {
        session(files, count);
    }

    /** As {@link #session(int)}, to a copy of the recording. */
    public void session(Path place, int count) throws IOException, InterruptedException {
        try (RecordingWriter writer =
                RecordingWriter.open(new FileStore(place), CLUSTER, WriterOptions.of("test", state))) {
            write(writer, count);
        }
    }

    /** Adds so many changes, about. */
    public void write(RecordingWriter writer, int count) throws InterruptedException {
        List<Change> changes = new ArrayList<>(late);
        late.clear();
        for (int i = 0; i < count; i++) {
            Change change = cluster.next();
            changes.add(change);
            if (random.nextInt(10) == 0) {
                changes.add(widget(change));
            }
        }
        // What is seen late: the last changes of some types.
        int[] shift = new int[] {random.nextInt(20), random.nextInt(20), 0};
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            int type = Math.floorMod(change.key().type().hashCode(), shift.length);
            if (changes.size() - i <= shift[type]) {
                late.add(change);
                continue;
            }
            if (!opened) {
                writer.mark(
                        new CoverageMark(change.key().type(), CoverageMark.Kind.OPENED, change.observedAt(), "1", ""));
                opened = true;
            }
            writer.append(change);
        }
    }

    private Change widget(Change with) {
        String name = "widget-" + random.nextInt(6);
        String uid = alive.get(name);
        Operation operation =
                uid == null ? Operation.ADDED : random.nextInt(4) == 0 ? Operation.DELETED : Operation.MODIFIED;
        if (operation == Operation.ADDED) {
            uid = Integer.toHexString(random.nextInt());
            alive.put(name, uid);
        } else if (operation == Operation.DELETED) {
            alive.remove(name);
        }
        boolean unseen = operation == Operation.DELETED && random.nextBoolean();
        String body = "{\"metadata\":{\"name\":\"" + name + "\",\"uid\":\"" + uid + "\"},\"spec\":{\"size\":"
                + random.nextInt(5) + "}}";
        return new Change(
                new ObjectKey(WIDGETS, "team-" + name.hashCode() % 3, name),
                "Widget",
                uid,
                with.resourceVersion(),
                with.observedAt(),
                operation,
                unseen ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));
    }
}
