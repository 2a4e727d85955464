/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.archive.FaultyProxy;
import dev.traversion.e2e.archive.FaultyProxy.Fault;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.recording.Waiting;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G1 and G8: a real MinIO fails in every way it can, one after the other, while a real API server is recorded under load. The recorder says
 * what is wrong, goes on in its log, and catches up by itself; in the end etcd is asked what there was. That the verdict can fail,
 * {@code StoreFaultsTest} of the archive shows with stores that lose and double.
 */
@Tag("faults")
@UsesControlPlane
class StoreOutageIT {

    private static final int RATE = 100;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String MENDED = "the store takes uploads again";

    @TempDir
    private Path directory;

    private interface Step {
        void run() throws Exception;
    }

    /** @param says what the recorder tells of it; {@code ""} if it is to get along without a word */
    private record Outage(String name, Step begin, String says, Step end) {}

    private MinioServer minio;
    private FaultyProxy proxy;
    private LoopMount disk;
    private Path filler;

    @Test
    void whateverHappensToTheStoreNothingIsLostOrDoubled(ControlPlane plane) throws Exception {
        long seed = Seed.take();
        Writers.define(plane.kubectl());
        Path data = directory.resolve("disk");
        try (LoopMount mounted = new LoopMount(directory.resolve("image"), data, 96);
                MinioServer server = new MinioServer(data, directory.resolve("minio.log"))) {
            disk = mounted;
            minio = server;
            minio.start();
            minio.makeBucket();
            try (FaultyProxy between = new FaultyProxy(minio.endpoint());
                    Oracle oracle = new Oracle(plane.etcd());
                    RecorderProcess recorder =
                            new RecorderProcess(directory, plane, "s3://" + MinioServer.BUCKET + "/prod")) {
                proxy = between;
                MinioServer.environment(proxy.endpoint()).forEach(recorder::with);
                attack(plane, oracle, recorder, seed);
            }
            minio.kill();
        }
    }

    private void attack(ControlPlane plane, Oracle oracle, RecorderProcess recorder, long seed) throws Exception {
        recorder.start();
        long from = oracle.revision();
        try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE)) {
            List<Outage> outages = new ArrayList<>(outages());
            Collections.shuffle(outages, new Random(seed));
            for (Outage outage : outages) {
                System.out.println(outage.name());
                suffer(outage, recorder);
            }
            writers.finish();
            System.out.println(writers.changes() + " changes");
        }
        List<Oracle.Version> expected = oracle.since(from);
        recorder.awaitRecorded(expected);
        recorder.judge(oracle, expected).isWhole();
        recorder.end();
        recorder.judge(oracle, expected).isWhole();
        assertThat(recorder.verify().succeeds().out()).contains("It is what was written.");
    }

    private void suffer(Outage outage, RecorderProcess recorder) throws Exception {
        Path log = recorder.running().err();
        long before = Files.size(log);
        int struck = proxy.struck();
        outage.begin().run();
        if (outage.says().isEmpty()) {
            Waiting.until(LIMIT, outage.name() + " struck", () -> proxy.struck() > struck + 4);
        } else {
            Waiting.until(LIMIT, outage.name() + ": " + outage.says(), () -> {
                assertThat(recorder.isAlive()).isTrue();
                return since(log, before).contains(outage.says());
            });
        }
        long during = Files.size(log);
        outage.end().run();
        if (!outage.says().isEmpty()) {
            Waiting.until(LIMIT, MENDED + " after " + outage.name(), () -> since(log, during)
                    .contains(MENDED));
        }
        assertThat(recorder.isAlive()).as("recording after %s", outage.name()).isTrue();
    }

    private static String since(Path log, long offset) throws Exception {
        byte[] all = Files.readAllBytes(log);
        return new String(all, (int) offset, all.length - (int) offset, StandardCharsets.UTF_8);
    }

    private List<Outage> outages() {
        Path bucket = directory.resolve("disk").resolve(MinioServer.BUCKET);
        Path away = directory.resolve("disk/away");
        return List.of(
                new Outage("MinIO is killed", () -> minio.kill(), "NOT UPLOADED: cannot", () -> minio.start()),
                proxied(Fault.SLOW, ""),
                proxied(Fault.SLOW_DOWN, "SlowDown"),
                proxied(Fault.LOSE_ANSWERS_TO_PUT, ""),
                proxied(Fault.ANSWER_PUT_200_WITH_ERROR, "its answer is not one of S3"),
                new Outage(
                        "its disk is full",
                        () -> filler = disk.fill(),
                        "XMinioStorageFull",
                        () -> Files.delete(filler)),
                new Outage(
                        "the keys are not valid any more",
                        () -> {
                            minio.kill();
                            minio.startWithOtherKey();
                        },
                        "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                        () -> {
                            minio.kill();
                            minio.start();
                        }),
                new Outage(
                        "the bucket is gone",
                        () -> moved(bucket, away),
                        "There is no bucket",
                        () -> moved(away, bucket)));
    }

    private Outage proxied(Fault fault, String says) {
        return new Outage(fault.name(), () -> proxy.set(fault), says, () -> proxy.set(Fault.NONE));
    }

    private void moved(Path from, Path to) throws Exception {
        minio.kill();
        Files.move(from, to);
        minio.start();
    }
}
