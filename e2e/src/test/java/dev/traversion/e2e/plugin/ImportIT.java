/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.UsesCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What others collected of a cluster is served whole: every object that a reader of its own finds in the archive. */
@UsesCluster
@Tag("plugin")
class ImportIT {

    @TempDir
    private Path directory;

    private Path to;
    private Path kubectl;
    private Plugin plugin;

    @BeforeEach
    void prepare(Cluster cluster) {
        to = directory.resolve("imported");
        kubectl = cluster.kubectl().program();
        plugin = new Plugin(directory, kubectl, cluster.kubeconfig());
    }

    @AfterEach
    void end() throws Exception {
        plugin.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"must-gather-aws.tar.xz", "must-gather-azure.tar.xz"})
    void everyObjectOfAMustGatherIsServedInTablesAndYaml(String name) throws Exception {
        Path archive = mustGather(name);
        Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
        assertThat(command("tar", "-xJf", archive.toString(), "-C", unpacked.toString()))
                .isZero();

        plugin.run("import", archive.toString(), "--to", to.toString()).succeeds();

        assertServed(objectsIn(unpacked));
    }

    @Test
    void everyObjectOfADumpIsServed(Cluster cluster) throws Exception {
        Path dump = directory.resolve("dump");
        cluster.kubectl().output("cluster-info", "dump", "-A", "--output-directory=" + dump);

        plugin.run("import", dump.toString(), "--to", to.toString()).succeeds();

        assertServed(objectsIn(dump));
    }

    @Test
    void importingAgainChangesNothing() throws Exception {
        Path dump = smallDump();
        plugin.run("import", dump.toString(), "--to", to.toString()).succeeds();

        plugin.run("import", dump.toString(), "--to", to.toString()).failsWith("already contains the cluster");

        assertServed(objectsIn(dump));
    }

    @Test
    void aDamagedFileIsNamedAndTheRestIsServed() throws Exception {
        Path dump = smallDump();
        Files.writeString(dump.resolve("broken.json"), "{\"kind\":");

        plugin.run("import", dump.toString(), "--to", to.toString()).failsWith("not read: broken.json: ");

        Files.delete(dump.resolve("broken.json"));
        assertServed(objectsIn(dump));
    }

    @Test
    void anArchiveThatIsCutShortLeavesNothingBehind() throws Exception {
        Path whole = directory.resolve("whole.tar.gz");
        assertThat(command("tar", "-czf", whole.toString(), "-C", smallDump().toString(), "."))
                .isZero();
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(directory.resolve("cut.tar.gz"), Arrays.copyOf(bytes, bytes.length / 2));

        plugin.run("import", cut.toString(), "--to", to.toString())
                .failsWith(cut + " is damaged or cut short")
                .failsWith("nothing was imported");

        plugin.run("open", to.toString()).failsWith("is not a recording");
    }

    @Test
    void aFullDiskLeavesNothingThatLooksLikeARecording() throws Exception {
        Files.createDirectory(to);
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", to.toString()) == 0, "mounting needs root");
        try {
            plugin.run("import", smallDump().toString(), "--to", to.toString()).failsWith("No space left on device");
            plugin.run("open", to.toString()).failsWith("is not a recording");
        } finally {
            assertThat(command("umount", to.toString())).isZero();
        }
    }

    /** Where real must-gathers lie on this machine; they are not part of the project. */
    private static Path mustGather(String name) {
        String told = System.getenv().getOrDefault("TRAVERSION_MUST_GATHERS", "");
        Path folder =
                told.isEmpty() ? Path.of(System.getProperty("traversion.root"), "..", "shared/data") : Path.of(told);
        Path archive = folder.resolve(name).normalize();
        assumeTrue(Files.exists(archive), name + " is not there; set TRAVERSION_MUST_GATHERS to its folder");
        return archive;
    }

    private Path smallDump() throws IOException {
        Path dump = Files.createDirectories(directory.resolve("small"));
        Files.writeString(dump.resolve("nodes.json"), """
                {"kind":"NodeList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":
                {"name":"n1","uid":"u1","resourceVersion":"5","creationTimestamp":"2026-01-31T14:03:22Z"}}]}
                """);
        StringBuilder text = new StringBuilder();
        Random random = new Random(1);
        while (text.length() < 200_000) {
            text.append(Long.toString(random.nextLong(), Character.MAX_RADIX));
        }
        Files.writeString(
                dump.resolve("configmaps.yaml"),
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big, namespace: shop}\ndata: {text: '" + text
                        + "'}\n");
        return dump;
    }

    /** By apiVersion, kind, namespace and name. */
    private static Set<String> objectsIn(Path folder) throws IOException {
        Set<String> objects = new HashSet<>();
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        Yaml yaml = new Yaml(new SafeConstructor(options));
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().matches(".*\\.(json|yaml)"))
                    .toList();
        }
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                yaml.loadAll(in).forEach(document -> collect(document, "", "", objects));
            }
        }
        return objects;
    }

    private static void collect(Object document, String listKind, String listVersion, Set<String> objects) {
        if (document instanceof Map<?, ?> object) {
            String kind = object.get("kind") instanceof String own ? own : listKind.replaceFirst("List$", "");
            String version = object.get("apiVersion") instanceof String own ? own : listVersion;
            if (kind.endsWith("List") && object.containsKey("items")) {
                if (object.get("items") instanceof List<?> items) {
                    items.forEach(item -> collect(item, kind, version, objects));
                }
            } else if (!kind.isEmpty() && object.get("metadata") instanceof Map<?, ?> metadata) {
                objects.add(version + " " + kind + " " + metadata.get("namespace") + " " + metadata.get("name"));
            }
        }
    }

    private void assertServed(Set<String> expected) throws Exception {
        assertThat(expected).isNotEmpty();
        Path config = directory.resolve("past.yaml");
        try (Plugin.Running open = plugin.start("open", to.toString(), "--kubeconfig-out", config.toString())) {
            open.awaitText("Serving");
            Kubectl past = new Kubectl(kubectl, config);
            List<String> resources = new ArrayList<>(List.of(
                    past.output("api-resources", "--verbs=list", "-o", "name").split("\n")));
            // The same objects as the core group's.
            resources.remove("events.events.k8s.io");
            String all = String.join(",", resources);

            String yaml = past.output("get", all, "-A", "-o", "yaml");
            LoaderOptions options = new LoaderOptions();
            options.setCodePointLimit(Integer.MAX_VALUE);
            Set<String> served = new HashSet<>();
            collect(new Yaml(new SafeConstructor(options)).load(yaml), "", "", served);
            assertThat(served).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(past.output("get", all, "-A", "--no-headers").lines().filter(line -> !line.isBlank()))
                    .hasSize(expected.size());
        }
    }

    private static int command(String... arguments) throws Exception {
        return new ProcessBuilder(arguments).inheritIO().start().waitFor();
    }
}
