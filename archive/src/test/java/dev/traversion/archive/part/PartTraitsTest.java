/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Trait;
import dev.traversion.archive.testing.PartSealer;
import dev.traversion.archive.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A part of several row groups. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartTraitsTest {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final int OBJECTS = 5_000;
    private static final int CHANGES = 150_000;
    private static final int ODD = 123_456;

    private final long seed = Seed.take();
    private Path directory;
    private PartFile part;

    @BeforeAll
    void seal(@TempDir Path temporary) throws IOException {
        directory = temporary;
        Random random = new Random(seed);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            boolean isNew = i < OBJECTS;
            ObjectKey key = new ObjectKey(PODS, "team", "pod-" + (isNew ? i : random.nextInt(OBJECTS)));
            Operation operation = isNew ? Operation.ADDED : Operation.MODIFIED;
            byte[] body = ("{\"number\":" + i + "}").getBytes(StandardCharsets.UTF_8);
            changes.add(new Change(key, "Pod", "u", Integer.toString(i + 1), i, operation, body));
        }
        part = new PartSealer(directory).seal(changes);
    }

    private PartReader open() throws IOException {
        return PartReader.open(directory.resolve(part.path()), part.path(), new PartCaches(64 << 20, 1 << 20));
    }

    /** Bodies tell the time they were observed at. */
    private static long number(ObjectVersion version) {
        String body = new String(version.body(), StandardCharsets.UTF_8);
        return Long.parseLong(body.substring("{\"number\":".length(), body.length() - 1));
    }

    private static int read(PartReader reader, Trait trait, long from, long to) throws IOException {
        int[] count = {0};
        ObjectVersion.Visitor check = version -> {
            assertThat(version.trait(trait)).isEqualTo(version.observedAt());
            count[0]++;
            return true;
        };
        try (VersionCursor states = reader.states(PODS, "", null, from)) {
            while (states.next()) {
                check.visit(states.current());
            }
        }
        reader.unorderedChanges(PODS, "", from, to, check);
        return count[0];
    }

    @Test
    void onlyWhatIsAskedForIsWorkedOut() throws IOException {
        AtomicInteger worked = new AtomicInteger();
        Trait trait = version -> {
            worked.incrementAndGet();
            return number(version);
        };
        PartReader reader = open();
        int asked = read(reader, trait, CHANGES / 2, CHANGES / 2 + 1000);
        assertThat(asked).isEqualTo(OBJECTS + 1000);
        assertThat(worked).hasValue(asked);
        read(reader, trait, CHANGES / 2, CHANGES / 2 + 1000);
        assertThat(worked).hasValue(asked);
        read(reader, trait, -1, CHANGES);
        assertThat(worked).hasValue(CHANGES);
    }

    @Test
    void whoAsksForTheSameAtTheSameTimeWorksItOutOnce() throws Exception {
        AtomicInteger worked = new AtomicInteger();
        Trait trait = version -> {
            worked.incrementAndGet();
            return number(version);
        };
        PartReader reader = open();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                long from = i * 1000L;
                readers.add(threads.submit(() -> read(reader, trait, from, CHANGES)));
            }
            for (Future<Integer> each : readers) {
                assertThat(each.get()).as("seed %d", seed).isPositive();
            }
        }
        read(reader, trait, -1, CHANGES);
        assertThat(worked).as("seed %d", seed).hasValue(CHANGES);
    }

    @Test
    void aTraitThatCannotBeWorkedOutIsToldWhereverItIs() throws IOException {
        Trait trait = version -> {
            if (version.observedAt() == ODD) {
                throw new IllegalStateException("no such body");
            }
            return number(version);
        };
        PartReader reader = open();
        assertThatThrownBy(() -> read(reader, trait, -1, CHANGES)).hasMessage("no such body");
        assertThat(read(reader, trait, -1, ODD - 1)).isEqualTo(ODD);
    }

    @Test
    void readersThatHaveEnoughLeaveTheRest() throws IOException {
        AtomicInteger worked = new AtomicInteger();
        Trait trait = version -> {
            worked.incrementAndGet();
            return number(version);
        };
        open().unorderedChanges(PODS, "", CHANGES - 1000, CHANGES, version -> version.trait(trait) < 0);
        assertThat(worked.get()).isLessThanOrEqualTo(1000);
    }
}
