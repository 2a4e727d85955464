/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Layout;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.compaction.Compaction;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.Answers;
import dev.traversion.archive.testing.RandomRecording;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldMetadataTest {

    private static final String CLUSTER = RandomRecording.CLUSTER;
    private static final Layout LAYOUT = new Layout(CLUSTER);
    private static final int SESSIONS = 16;

    /** Ten commits later the first packing comes. */
    private static final int OLD = 7;

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private Path files;
    private Store store;
    private RandomRecording recorder;
    private CommitLog asleep;
    private Committed asleepAt;

    /** Somebody looks at the commits after two of them, and then sleeps. */
    @BeforeEach
    void record() throws Exception {
        files = directory.resolve("recording");
        store = new FileStore(files);
        recorder = new RandomRecording(files, directory.resolve("state"), seed);
        asleep = new CommitLog(store, LAYOUT, copies());
        for (int session = 0; session < SESSIONS; session++) {
            recorder.session(40);
            if (session == 1) {
                asleepAt = asleep.load();
            }
        }
    }

    private LocalCopies copies() {
        return new LocalCopies(store, directory.resolve("copies"), 1 << 20);
    }

    /** Two hours later; twice, since what the first run leaves is old for the second. */
    private void pack() throws Exception {
        for (int hours = 2; hours <= 4; hours += 2) {
            Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(hours));
            new Compaction(store, LAYOUT, copies(), directory.resolve("work"), later).run(Duration.ofDays(1), _ -> {});
            for (int session = 0; session < 3; session++) {
                recorder.session(400);
            }
        }
    }

    private long count(String folder) throws IOException {
        return store.list(LAYOUT.root() + folder).size();
    }

    private void assertWhole() throws IOException {
        assertThat(new Verification(store, CLUSTER, copies(), _ -> {}).run().damages())
                .as("seed %d", seed)
                .isEmpty();
    }

    /** The files which the first seals name. */
    private Stream<String> sealed(int last) throws IOException {
        List<String> paths = new ArrayList<>();
        for (int number = 2; number <= last; number++) {
            Seal seal = StoredJson.read(Files.readAllBytes(files.resolve(LAYOUT.seal(number))), Seal.class);
            seal.files().forEach(file -> paths.add(file.path()));
        }
        return paths.stream();
    }

    private Path metadata(int commit) {
        return files.resolve(LAYOUT.versions() + "/metadata/v" + commit + ".metadata.json");
    }

    @Test
    void whatNobodyReadsAnyMoreIsDeletedAndTheRestIsVerified() throws Exception {
        pack();
        for (int commit = 2; commit <= OLD; commit++) {
            assertThat(metadata(commit)).doesNotExist();
        }
        assertThat(sealed(OLD).filter(path -> path.matches("versions/metadata/(v|snap-).*")))
                .isNotEmpty()
                .allMatch(path -> !Files.exists(files.resolve(LAYOUT.root() + path)));
        assertWhole();
        try (Recording recording = Recording.open(store, CLUSTER, RecordingOptions.defaults())) {
            assertThat(Answers.ofAllTime(recording)).isNotEmpty();
        }
        // Seals are the chain: all of them stay.
        assertThat(count("seals/")).isGreaterThanOrEqualTo(SESSIONS);
    }

    @Test
    void whoSleptCannotCommitUnderANumberThatWasDeleted() throws Exception {
        pack();
        assertThat(metadata(asleepAt.commit() + 1)).doesNotExist();

        boolean done = new Replacement(store, LAYOUT, asleep, Clock.systemUTC())
                .commit(asleepAt, Set.of(), List.of(), List.of("too late"), List.of());

        assertThat(done).isFalse();
        assertThat(metadata(asleepAt.commit() + 1)).doesNotExist();
        assertWhole();
        recorder.session(40);
        assertWhole();
    }

    @Test
    void whoReadsACommitThatWasMadeTooLateFindsTheNewest() throws Exception {
        pack();
        int newest = new CommitLog(store, LAYOUT, copies()).load().commit();
        // As if the one who made it was killed before he looked around.
        Files.writeString(metadata(asleepAt.commit() + 1), Files.readString(metadata(newest)));

        assertThat(asleep.load().commit()).isEqualTo(newest);
        assertWhole();
    }
}
