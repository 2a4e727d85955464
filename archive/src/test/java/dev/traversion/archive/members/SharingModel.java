/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

import dev.traversion.archive.Layout;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.wal.SegmentName;
import dev.traversion.archive.wal.WalFence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Recorders that share types, in one thread: each version of a type is a number, one more than the one before, and a recorder that is
 * given a type goes on after the newest version which the store shows. What the store shows in the end must be every number once, in
 * order.
 */
final class SharingModel {

    private static final String HEADER = "-".repeat(200);

    private final Store store;
    private final Layout layout = new Layout("c");
    private final List<ResourceType> types = new ArrayList<>();
    private final boolean fenced;
    private final Map<ResourceType, Integer> newest = new HashMap<>();
    private final List<Recorder> recorders = new ArrayList<>();

    /** In the order in which they appeared. */
    private final List<String> visible = new ArrayList<>();

    private long nanos;

    /** @param fenced false for a broken fence, which lets a stalled recorder go on */
    SharingModel(Store store, int types, boolean fenced) {
        this.store = store;
        this.fenced = fenced;
        for (int i = 0; i < types; i++) {
            this.types.add(new ResourceType("test", "t" + i));
        }
    }

    List<Recorder> recorders() {
        return recorders;
    }

    void pass(long millis) {
        nanos += millis * 1_000_000;
    }

    void change(int type) {
        newest.merge(types.get(type), 1, Integer::sum);
    }

    Recorder join(String writer) {
        long epoch = 1;
        for (Recorder each : recorders) {
            if (each.writer.equals(writer)) {
                epoch++;
            }
        }
        Recorder recorder = new Recorder(writer, epoch);
        recorders.add(recorder);
        return recorder;
    }

    /** What is wrong with what the store shows; empty if nothing is. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        Map<String, Integer> last = new TreeMap<>();
        for (String line : visible) {
            String[] change = line.split(" ");
            int version = Integer.parseInt(change[1]);
            int before = last.getOrDefault(change[0], 0);
            if (version != before + 1) {
                faults.add(line + " after " + before);
            }
            last.put(change[0], Math.max(before, version));
        }
        newest.forEach((type, version) -> {
            if (last.getOrDefault(type.resource(), 0) < version) {
                faults.add(type + " ends at " + last.get(type.resource()) + " instead of " + version);
            }
        });
        return faults;
    }

    private int shown(ResourceType type) {
        return visible.stream()
                .filter(line -> line.startsWith(type.resource() + " "))
                .mapToInt(line -> Integer.parseInt(line.split(" ")[1]))
                .max()
                .orElse(0);
    }

    final class Recorder {

        private final String writer;
        private final long epoch;
        private final Membership membership;
        private final Map<ResourceType, Integer> streams = new TreeMap<>();
        private final List<String> log = new ArrayList<>();
        private long sequence;
        private boolean dead;

        Recorder(String writer, long epoch) {
            this.writer = writer;
            this.epoch = epoch;
            membership = new Membership(
                    new MemberFiles(store, layout),
                    new MemberId(writer, epoch),
                    "",
                    SharingModel.this::fence,
                    () -> nanos,
                    Clock.systemUTC());
        }

        String writer() {
            return writer;
        }

        boolean isDead() {
            return dead;
        }

        void kill() {
            dead = true;
        }

        int streams() {
            return streams.size();
        }

        boolean isSettled() {
            return membership.isSettled();
        }

        void beat() {
            try {
                membership.beat();
            } catch (IOException e) {
                // The store is away; the next beat tells.
            }
            dead |= membership.isLost();
        }

        void record() {
            Set<ResourceType> ours = membership.ours(new HashSet<>(types));
            streams.keySet().retainAll(ours);
            membership.observing(streams.keySet());
            for (ResourceType type : ours) {
                int from = streams.computeIfAbsent(type, SharingModel.this::shown);
                int to = newest.getOrDefault(type, 0);
                for (int version = from + 1; version <= to; version++) {
                    log.add(type.resource() + " " + version);
                }
                streams.put(type, to);
            }
        }

        void upload() {
            Set<ResourceType> ended = membership.ended();
            try {
                if (!log.isEmpty()) {
                    // As a segment with anything in it, longer than a fence, which is told by its size.
                    byte[] content = (HEADER + String.join("\n", log)).getBytes(StandardCharsets.UTF_8);
                    String name = new SegmentName(writer, epoch, sequence).fileName();
                    store.create(layout.wal() + writer + "/" + name, content);
                    sequence++;
                    visible.addAll(log);
                    log.clear();
                }
                membership.published(ended);
            } catch (FileAlreadyExistsException e) {
                dead = true;
            } catch (IOException e) {
                // Tried again.
            }
        }

        void leave() throws IOException {
            record();
            upload();
            if (!dead) {
                membership.leave();
                dead = true;
            }
        }
    }

    private void fence(MemberId member) throws IOException {
        if (fenced) {
            WalFence.raise(store, layout.wal(), member.writer(), member.epoch(), Map.of());
        }
    }
}
