/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.MaskingRules;
import dev.traversion.snapshotter.testing.Written;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateImportTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final Instant TIME = Instant.parse("2021-08-03T10:14:13Z");
    private static final String NAMESPACES = "x/namespaces/shop/core/";
    private static final String POD = """
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              namespace: shop
              resourceVersion: "%s"
              uid: u1
            spec:
              answer: "0777"
              exact: 12345678901234567890
              float: 1e+06
              on: "yes"
              time: 2021-01-01T00:00:00Z
            """;

    @TempDir
    private Path directory;

    private final Written written = new Written();

    @Test
    void anObjectThatOccursTwiceCountsOnceAndKeepsTheTypesOfItsScalars() throws Exception {
        ImportReport report = importFolder(Map.of(
                NAMESPACES + "pods.yaml",
                "apiVersion: v1\nitems:\n- " + indented(POD.formatted("9")) + "kind: PodList\n",
                "x/namespaces/shop/pods/web/web.yaml",
                POD.formatted("10"),
                "x/namespaces/shop/pods/web/web.log",
                "no object"));

        assertThat(report.objects()).containsEntry(PODS, 1);
        assertThat(report.filesPassedOver()).isEqualTo(2);
        Change pod = written.of("pods").getFirst();
        assertThat(pod.resourceVersion()).isEqualTo("10");
        assertThat(new String(pod.body(), StandardCharsets.UTF_8))
                .startsWith("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{")
                .contains("\"answer\":\"0777\",\"exact\":12345678901234567890,\"float\":1000000,\"on\":\"yes\"")
                .contains("\"time\":\"2021-01-01T00:00:00Z\"");
    }

    @Test
    void itemsWithoutAKindGetThatOfTheirListThoughItComesLater() throws Exception {
        importFolder(Map.of(NAMESPACES + "secrets.yaml", """
                apiVersion: v1
                items:
                - metadata: {name: db, namespace: shop}
                  data: {harmless: aHVudGVyMg==}
                kind: SecretList
                """));

        Change secret = written.of("secrets").getFirst();
        assertThat(new String(secret.body(), StandardCharsets.UTF_8))
                .contains("\"kind\":\"Secret\"")
                .doesNotContain("aHVudGVyMg==");
    }

    @Test
    void customResourcesGetTheNamesAndTheFormThatTheirDefinitionGives() throws Exception {
        importFolder(Map.of(
                "x/cluster-scoped-resources/a.io/gizmos/g.yaml",
                "apiVersion: a.io/v1\nkind: Gizmo\nmetadata: {name: g, resourceVersion: '3'}\n",
                "x/cluster-scoped-resources/a.io/gizmos/old.yaml",
                "apiVersion: a.io/v1beta1\nkind: Gizmo\nmetadata: {name: old, resourceVersion: '2'}\n",
                "x/cluster-scoped-resources/apiextensions.k8s.io/customresourcedefinitions/g.yaml",
                """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: gizmoz.a.io}
                spec:
                  group: a.io
                  names: {kind: Gizmo, plural: gizmoz, singular: gizmo, shortNames: [gz]}
                  scope: Cluster
                  versions: [{name: v1, served: true}, {name: v1beta1, served: true}]
                """));

        assertThat(written.of("gizmoz")).hasSize(2).allSatisfy(gizmo -> assertThat(
                        new String(gizmo.body(), StandardCharsets.UTF_8))
                .startsWith("{\"apiVersion\":\"a.io/v1\",\"kind\":\"Gizmo\",\"metadata\":"));
        assertThat(written.document("apis;as=APIGroupDiscoveryList").toString())
                .contains("\"resource\":\"gizmoz\"", "\"shortNames\":[\"gz\"]", "\"scope\":\"Cluster\"");
    }

    @Test
    void stableVersionsArePreferredAsKubernetesPrefersThem() {
        assertThat(DiscoveryDocument.preferredFirst(Set.of("v1beta1", "v1", "v2alpha1", "v10", "v2", "v1beta2", "odd")))
                .containsExactly("v10", "v2", "v1", "v1beta2", "v1beta1", "v2alpha1", "odd");
    }

    @Test
    void eventsLieWhereTheyHappenedAndAllElseAtTheMoment() throws Exception {
        StringBuilder events = new StringBuilder("apiVersion: v1\nkind: EventList\nitems:\n");
        for (int minute : new int[] {12, 3}) {
            events.append("- metadata: {name: e%d, namespace: shop, resourceVersion: '%d'}\n".formatted(minute, minute))
                    .append("  lastTimestamp: '2021-08-03T10:%02d:00Z'\n".formatted(minute));
        }
        importFolder(Map.of(NAMESPACES + "events.yaml", events.toString(), NAMESPACES + "a.yaml", POD.formatted("5")));

        assertThat(written.of("events").stream().map(event -> Times.instant(event.observedAt())))
                .containsExactly(Instant.parse("2021-08-03T10:03:00Z"), Instant.parse("2021-08-03T10:12:00Z"));
        assertThat(written.marks().stream().filter(mark -> mark.kind() == CoverageMark.Kind.OPENED))
                .as("a moment that can be named in milliseconds")
                .allSatisfy(mark -> assertThat(mark.at()).isEqualTo(Times.nanos(TIME)));
        assertThat(Times.instant(written.of("pods").getFirst().observedAt())).isBetween(TIME.minusSeconds(1), TIME);
        assertThat(written.marks().stream().filter(mark -> mark.type().equals(PODS)))
                .extracting(CoverageMark::kind)
                .containsExactly(CoverageMark.Kind.GAP, CoverageMark.Kind.OPENED, CoverageMark.Kind.CLOSED);
        assertThat(written.marks().getFirst().reason())
                .isEqualTo("imported from a must-gather of 2021-08-03T10:14:13Z: only that moment is known");
    }

    @Test
    void aFileThatIsDamagedOrExpandsIsNamedAndTheRestIsImported() throws Exception {
        ImportReport report = importFolder(Map.of(
                NAMESPACES + "bomb.yaml",
                "a: &a [x, x]\nb: [*a, *a]\nkind: Pod\n",
                NAMESPACES + "broken.yaml",
                "kind: [",
                NAMESPACES + "deep.json",
                "{\"a\":" + "[".repeat(100_000),
                NAMESPACES + "pods.yaml",
                POD.formatted("1")));

        assertThat(report.damaged()).hasSize(3).anySatisfy(sentence -> assertThat(sentence)
                .contains("bomb.yaml: it uses YAML anchors"));
        assertThat(written.of("pods")).hasSize(1);
    }

    @Test
    void anObjectOfSeveralMegabytesIsImported() throws Exception {
        String text = "x".repeat(4 << 20);
        importFolder(Map.of(
                NAMESPACES + "configmaps.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big, namespace: shop}\ndata:\n  text: " + text
                        + "\n"));

        assertThat(JSON.readTree(written.of("configmaps").getFirst().body())
                        .path("data")
                        .path("text")
                        .asText())
                .isEqualTo(text);
    }

    @Test
    void entriesOfAnArchiveThatLeadOutOfItAreRefused() throws Exception {
        Path archive =
                archive(Map.of("../evil.yaml", POD.formatted("1"), NAMESPACES + "pods.yaml", POD.formatted("2")));

        assertThat(read(archive).damaged()).containsExactly("../evil.yaml: its path leads out of the archive");
        assertThat(directory.resolveSibling("evil.yaml")).doesNotExist();
        assertThat(written.of("pods").getFirst().resourceVersion()).isEqualTo("2");
    }

    @Test
    void anArchiveThatIsCutShortIsNotImported() throws Exception {
        byte[] whole = Files.readAllBytes(archive(Map.of(NAMESPACES + "pods.yaml", POD.formatted("2"))));
        Path cut = directory.resolve("cut");
        for (int length : new int[] {whole.length / 2, whole.length - 1}) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> read(cut))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining(cut + " ");
        }
        assertThat(written.changes()).isEmpty();
    }

    @Test
    void whatCannotBeImportedIsToldWhatCan() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "hello");
        for (Path source :
                List.of(text, Files.createDirectory(directory.resolve("empty")), directory.resolve("none"))) {
            assertThatThrownBy(() -> read(source))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining(source.toString())
                    .hasMessageContaining("must-gather");
        }
    }

    private ImportReport importFolder(Map<String, String> files) throws Exception {
        Path folder = directory.resolve("source");
        for (Map.Entry<String, String> file : withTime(files).entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return read(folder);
    }

    private ImportReport read(Path source) throws Exception {
        Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[] {1}));
        try (ClusterImport state = ClusterImport.read(source, null, "", masking, directory, (file, objects) -> {})) {
            state.writeTo(written);
            return state.report();
        }
    }

    private Path archive(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new XZCompressorOutputStream(bytes))) {
            for (Map.Entry<String, String> file : withTime(files).entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return Files.write(directory.resolve("archive"), bytes.toByteArray());
    }

    private static Map<String, String> withTime(Map<String, String> files) {
        Map<String, String> all = new HashMap<>(files);
        all.put(
                "x/timestamp",
                "2021-08-03 12:12:00 +0200 CEST m=+1.6\n2021-08-03 12:14:13.000123456 +0200 CEST m=+138.3\n");
        return all;
    }

    private static String indented(String yaml) {
        return yaml.replace("---\n", "").strip().replace("\n", "\n  ") + "\n";
    }
}
