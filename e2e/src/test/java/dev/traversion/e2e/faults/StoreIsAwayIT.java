/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.cluster.UsesObjectStore;
import dev.traversion.e2e.faults.Oracle.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G1: no recorded change is lost across an outage of the object store, also if the recorder is killed meanwhile. */
@Tag("faults")
@UsesControlPlane
@UsesObjectStore
class StoreIsAwayIT {

    private static final int RATE = 100;

    @TempDir
    private Path directory;

    @Test
    void anOutageOfTheStoreLosesNothing(ControlPlane plane) throws Exception {
        long seed = Seed.take();
        Random random = new Random(seed);
        Writers.define(plane.kubectl());
        try (MinioServer store = new MinioServer(directory.resolve("minio"), directory.resolve("minio.log"));
                Oracle oracle = new Oracle(plane.etcd());
                RecorderProcess recorder =
                        new RecorderProcess(directory, plane, "s3://" + MinioServer.BUCKET + "/prod")) {
            store.start();
            store.makeBucket();
            MinioServer.environment(store.endpoint().toString()).forEach(recorder::with);
            recorder.start();
            long from = oracle.revision();
            try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE)) {
                for (int i = 0; i < Rounds.of(2); i++) {
                    Thread.sleep(random.nextInt(8_000));
                    store.kill();
                    Thread.sleep(random.nextInt(4_000));
                    recorder.kill();
                    Thread.sleep(random.nextInt(2_000));
                    store.start();
                    recorder.start();
                }
                writers.finish();
                System.out.println(writers.changes() + " changes");
            }
            List<Version> expected = oracle.since(from);
            recorder.awaitRecorded(expected);
            recorder.judge(oracle, expected).isWhole();
        }
    }
}
