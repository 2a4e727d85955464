/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Recorders;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.members.Member;
import dev.traversion.archive.members.Membership;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.store.Stores;
import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.ObjectStore;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.cluster.UsesObjectStore;
import dev.traversion.e2e.recording.Waiting;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.RemoveBucketArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G7: one committer at a time, and no landed file forgotten; and several recorders share the resources. */
@Tag("faults")
@UsesControlPlane
@UsesObjectStore
class SharedRecordingIT {

    private static final int RATE = 60;
    private static final int RECORDERS = 3;

    /** In which the place of a recorder that was killed, or hangs, is taken. */
    private static final Duration TAKEOVER = Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private Path directory;

    private final List<RecorderProcess> recorders = new ArrayList<>();
    private final String bucket = "shared-it-" + UUID.randomUUID();
    private Map<String, String> environment;
    private MinioClient admin;
    private Store store;

    @BeforeEach
    void makeBucket(ControlPlane plane, ObjectStore server) throws Exception {
        environment = Map.of(
                "AWS_ENDPOINT_URL", server.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", server.accessKey(),
                "AWS_SECRET_ACCESS_KEY", server.secretKey());
        admin = MinioClient.builder()
                .endpoint(server.endpoint().toString())
                .credentials(server.accessKey(), server.secretKey())
                .build();
        admin.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        String to = "s3://" + bucket + "/prod";
        store = Stores.open(to, environment);
        for (int i = 0; i < RECORDERS; i++) {
            Path own = Files.createDirectories(directory.resolve("recorder-" + i));
            // Also where the first one makes a key for itself, if it is not given another.
            Path key = directory.resolve("recorder-0/state/masking.key");
            RecorderProcess recorder =
                    new RecorderProcess(own, plane, to).options("--share", "--masking-key", key.toString());
            environment.forEach(recorder::with);
            recorders.add(recorder);
        }
    }

    @AfterEach
    void removeBucket() throws Exception {
        for (RecorderProcess recorder : recorders) {
            recorder.close();
        }
        store.close();
        try (Store all = Stores.open("s3://" + bucket, environment)) {
            for (StoredFile file : all.list("")) {
                all.delete(file.path());
            }
        }
        admin.removeBucket(RemoveBucketArgs.builder().bucket(bucket).build());
        admin.close();
    }

    @Test
    void whoeverOfThemIsKilledOrStallsNothingIsLostAndOneCommits(ControlPlane plane) throws Exception {
        long seed = Seed.take();
        Writers.define(plane.kubectl());
        try (Oracle oracle = new Oracle(plane.etcd())) {
            recorders.get(0).start();
            for (RecorderProcess recorder : recorders.subList(1, RECORDERS)) {
                recorder.launch();
            }
            awaitShared(RECORDERS);
            long from = oracle.revision();
            try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE)) {
                RecorderProcess killed = committer();
                killed.kill();
                awaitOther(killed, "killed", TAKEOVER);
                awaitShared(RECORDERS - 1);
                killed.launch();
                awaitShared(RECORDERS);

                RecorderProcess stalled = committer();
                stalled.signal("STOP");
                awaitOther(stalled, "stalled", TAKEOVER);
                // It seals what all have recorded, and leaves.
                RecorderProcess leaving = committer();
                leaving.end();
                awaitOther(leaving, "gone", PATIENCE);
                stalled.signal("CONT");
                stalled.running().awaitText("It joins again");
                awaitShared(RECORDERS - 1);
                writers.finish();
                System.out.println(writers.changes() + " changes");
            }
            List<Oracle.Version> expected = oracle.since(from);
            alive().getFirst().awaitRecorded(expected);
            recorders.get(0).run("status", "--from", "s3://" + bucket + "/prod").succeeds();
            // The others' logs are sealed by the one who commits; who leaves after it has left its log in the store.
            RecorderProcess last = committer();
            for (RecorderProcess recorder : alive()) {
                if (recorder != last) {
                    recorder.end();
                }
            }
            last.end();
            recorders.get(0).judge(oracle, expected).isWhole();
            recorders.get(0).run("verify", "s3://" + bucket + "/prod").succeeds();
            assertThat(store.list("clusters/").stream().map(StoredFile::path))
                    .as("what was left of the logs when the last one sealed")
                    .noneMatch(path -> path.endsWith(".twal"));
        }
    }

    /** Waits until so many are there, each with resources of its own, and nobody else's. */
    private void awaitShared(int count) throws Exception {
        Waiting.until(PATIENCE, count + " share the resources", () -> {
            List<Member> members = recorders().members();
            Set<ResourceType> all = new HashSet<>();
            int claims = 0;
            for (Member member : members) {
                Set<ResourceType> own = Membership.types(member.beat());
                claims += own.size();
                all.addAll(own);
                if (own.isEmpty()) {
                    return false;
                }
            }
            return members.size() == count && claims == all.size() && all.containsAll(Oracle.types());
        });
    }

    private void awaitOther(RecorderProcess before, String what, Duration limit) throws Exception {
        long began = System.nanoTime();
        Waiting.until(
                limit,
                "another one commits",
                () -> !recorders().committer().orElseThrow().writer().equals(before.name(store)));
        System.out.printf("the committer is %s: replaced after %.1f s%n", what, (System.nanoTime() - began) / 1e9);
    }

    private List<RecorderProcess> alive() {
        return recorders.stream().filter(RecorderProcess::isAlive).toList();
    }

    private RecorderProcess committer() throws IOException {
        String writer = recorders().committer().orElseThrow().writer();
        for (RecorderProcess recorder : recorders) {
            if (recorder.name(store).equals(writer)) {
                return recorder;
            }
        }
        throw new IllegalStateException("nobody is called " + writer);
    }

    private Recorders recorders() throws IOException {
        return Recorders.of(store, Recordings.onlyCluster(store));
    }
}
