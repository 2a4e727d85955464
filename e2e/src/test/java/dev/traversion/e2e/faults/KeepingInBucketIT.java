/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.store.Stores;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.plugin.Plugin.Running;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes a recording smaller or whole again does so in a bucket as in a directory, and what remains is what was written. */
@Tag("faults")
@UsesControlPlane
class KeepingInBucketIT {

    private static final String PLACE = "s3://" + MinioServer.BUCKET + "/prod";

    @TempDir
    private Path directory;

    private ControlPlane plane;
    private MinioServer minio;
    private Map<String, String> environment;
    private Plugin plugin;

    @BeforeEach
    void record(ControlPlane plane) throws Exception {
        this.plane = plane;
        minio = new MinioServer(Files.createDirectory(directory.resolve("data")), directory.resolve("minio.log"));
        minio.start();
        minio.makeBucket();
        environment = MinioServer.environment(minio.endpoint().toString());
        plugin = new Plugin(directory, plane.kubectl().program(), plane.kubeconfig());
        environment.forEach(plugin::with);
        plane.kubectl().output("create", "namespace", "leaving");
        for (String session : List.of("first", "second", "third")) {
            record(session);
        }
    }

    @AfterEach
    void close() throws IOException {
        plugin.close();
        minio.close();
    }

    private void record(String session) throws Exception {
        try (Running record = plugin.start("record", "--to", PLACE)) {
            record.awaitText("first lists complete");
            for (String namespace : List.of("default", "leaving")) {
                plane.kubectl().output("-n", namespace, "create", "configmap", session, "--from-literal=a=b");
            }
            record.signal("INT").await().succeeds();
        }
    }

    @Test
    void partsArePackedErasedRepairedAndForgotten() throws Exception {
        String before = state("default");
        assertThat(parts()).hasSize(3);

        assertThat(run("compact", "--older-than", "1s")).contains("Packed ");
        assertThat(parts()).hasSizeLessThan(3);
        assertWhole();
        assertThat(state("default")).isEqualTo(before);

        assertThat(run("erase", "-n", "leaving", "--dry-run"))
                .contains("4 versions of 4 objects")
                .doesNotContain("Erased");
        assertThat(state("leaving")).contains("first", "third");
        assertThat(run("erase", "-n", "leaving", "-y")).contains("Erased ");
        assertWhole();
        assertThat(state("leaving")).doesNotContain("first", "third");
        assertThat(state("default")).isEqualTo(before);

        record("fourth");
        String damaged = parts().getFirst();
        turnAByte(damaged);
        plugin.run("verify", PLACE).failsWith(damaged);
        assertThat(run("repair", "-y")).contains(damaged);
        assertThat(run("verify")).contains("Repaired: ", "It is what was written.");
        assertThat(state("default")).contains("first", "fourth");

        record("fifth");
        assertThat(run("retain", "--keep", "1s")).contains("Forgot ");
        assertThat(parts()).hasSize(1);
        assertWhole();
        assertThat(state("default")).contains("first", "fifth");
    }

    private String run(String command, String... options) throws Exception {
        String[] arguments = new String[options.length + 2];
        arguments[0] = command;
        arguments[1] = PLACE;
        System.arraycopy(options, 0, arguments, 2, options.length);
        return plugin.run(arguments).succeeds().out();
    }

    private void assertWhole() throws Exception {
        assertThat(run("verify")).contains("It is what was written.");
    }

    /** What is in a namespace when the recording ends. */
    private String state(String namespace) throws Exception {
        return plugin.run("at", "now", "get", "configmaps", "-n", namespace, "-o", "yaml")
                .succeeds()
                .out();
    }

    private List<String> parts() throws IOException {
        try (Store store = Stores.open(PLACE, environment)) {
            return store.list("clusters/").stream()
                    .map(StoredFile::path)
                    .filter(path -> path.contains("/versions/data/"))
                    .toList();
        }
    }

    private void turnAByte(String path) throws IOException {
        try (Store store = Stores.open(PLACE, environment)) {
            byte[] bytes;
            try (InputStream in = store.read(path)) {
                bytes = in.readAllBytes();
            }
            bytes[bytes.length / 2] ^= 1;
            store.delete(path);
            store.create(path, bytes);
        }
    }
}
