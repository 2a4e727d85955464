/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.CoverageMark;
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
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditImportTest {

    private static final Instant START = Instant.parse("2026-01-31T14:00:00Z");

    @TempDir
    private Path directory;

    private final List<String> lines = new ArrayList<>();
    private int second;

    /** A request that was answered a second after the one before. */
    private AuditImportTest request(String verb, String subresource, String name, int code, String answer) {
        second++;
        lines.add("""
                {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"id-%d",\
                "stage":"ResponseComplete","verb":"%s","objectRef":{"resource":"configmaps","namespace":"shop",\
                "name":"%s","apiVersion":"v1"%s},"responseStatus":{"code":%d}%s,"stageTimestamp":"%s"}""".formatted(
                        second,
                        verb,
                        name,
                        subresource.isEmpty() ? "" : ",\"subresource\":\"" + subresource + "\"",
                        code,
                        answer.isEmpty() ? "" : ",\"responseObject\":" + answer,
                        START.plusSeconds(second)));
        return this;
    }

    private static String map(String name, int version, String step, String more) {
        return "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"shop\",\"uid\":\"u-" + name + "\",\"resourceVersion\":\"" + version + "\"" + more
                + "},\"data\":{\"step\":\"" + step + "\"}}";
    }

    private static String deleted() {
        return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}";
    }

    private Written write(Path source) throws Exception {
        Written written = new Written();
        Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[32]));
        try (ClusterImport read = ClusterImport.read(source, null, "", masking, directory, (file, objects) -> {})) {
            read.writeTo(written);
        }
        return written;
    }

    private Path log() throws IOException {
        return Files.writeString(directory.resolve("audit.log"), String.join("\n", lines) + "\n");
    }

    private static List<String> told(Written written) {
        return written.changes().stream()
                .filter(change -> change.kind().equals("ConfigMap"))
                .map(change -> (change.observedAt() / 1_000_000_000L - START.getEpochSecond()) + " "
                        + change.operation() + " " + change.key().name() + " " + change.resourceVersion())
                .toList();
    }

    @Test
    void everyVersionThatWasAnsweredIsThereWhenItWasAnswered() throws Exception {
        request("create", "", "a", 201, map("a", 10, "one", ""));
        request("update", "", "a", 200, map("a", 12, "two", ""));
        request("get", "", "a", 200, map("a", 12, "two", ""));
        request(
                "list",
                "",
                "",
                200,
                "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"items\":["
                        + map("b", 5, "old", "").replace("\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",", "") + "]}");
        request("delete", "", "a", 200, deleted());
        request("create", "", "a", 201, map("a", 20, "again", ""));

        Written written = write(log());

        assertThat(told(written))
                .containsExactly("1 ADDED a 10", "2 MODIFIED a 12", "4 ADDED b 5", "5 DELETED a 13", "6 ADDED a 20");
        assertThat(written.marks())
                .allSatisfy(mark -> assertThat(mark.kind()).isEqualTo(CoverageMark.Kind.GAP))
                .allSatisfy(mark -> assertThat(mark.reason()).contains("imported from an audit log"));
    }

    @Test
    void requestsThatOverlapAreInTheOrderOfTheirVersions() throws Exception {
        request("create", "", "a", 201, map("a", 10, "one", ""));
        request("update", "", "a", 200, map("a", 14, "three", ""));
        request("update", "", "a", 200, map("a", 12, "two", ""));
        request("get", "", "a", 200, map("a", 11, "stale", ""));

        assertThat(told(write(log()))).containsExactly("1 ADDED a 10", "3 MODIFIED a 12", "3 MODIFIED a 14");
    }

    @Test
    void whatIsNotAnObjectOfTheRequestIsPassedOver() throws Exception {
        request("create", "", "a", 201, map("a", 10, "one", ""));
        request("update", "scale", "a", 200, "{\"kind\":\"Scale\",\"apiVersion\":\"autoscaling/v1\"}");
        request("update", "", "a", 409, deleted());
        request("update", "status", "a", 200, map("a", 11, "one", ""));
        request("watch", "", "", 200, "");
        request("update", "", "a", 200, "");

        assertThat(told(write(log()))).containsExactly("1 ADDED a 10", "4 MODIFIED a 11");
    }

    @Test
    void objectsWithFinalizersAreGoneWhenTheLastIsRemoved() throws Exception {
        String deletion = ",\"deletionTimestamp\":\"2026-01-31T14:00:02Z\"";
        request("create", "", "a", 201, map("a", 10, "one", ",\"finalizers\":[\"x\"]"));
        request("delete", "", "a", 200, map("a", 11, "one", deletion + ",\"finalizers\":[\"x\"]"));
        request("patch", "", "a", 200, map("a", 12, "one", deletion));

        assertThat(told(write(log()))).containsExactly("1 ADDED a 10", "2 MODIFIED a 11", "3 DELETED a 13");
    }

    @Test
    void rotatedAndCompressedLogsOfAFolderAreOne() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("logs"));
        request("create", "", "a", 201, map("a", 10, "one", ""));
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(lines.getFirst().getBytes(StandardCharsets.UTF_8));
        }
        Files.write(folder.resolve("audit-2026-01-31.log.gz"), compressed.toByteArray());
        lines.clear();
        request("update", "", "a", 200, map("a", 12, "two", ""));
        Files.writeString(folder.resolve("audit.log"), lines.getFirst());
        Files.writeString(folder.resolve("readme.txt"), "notes");

        assertThat(told(write(folder))).containsExactly("1 ADDED a 10", "2 MODIFIED a 12");
    }

    @Test
    void aLineThatIsTornIsNamedAndTheRestIsRead() throws Exception {
        request("create", "", "a", 201, map("a", 10, "one", ""));
        request("update", "", "a", 200, map("a", 12, "two", ""));
        Path log = log();
        Files.writeString(log, Files.readString(log) + lines.getFirst().substring(0, 100));
        Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[32]));
        try (ClusterImport read = ClusterImport.read(log, null, "", masking, directory, (file, objects) -> {})) {
            assertThat(read.report().damaged()).singleElement().asString().startsWith("audit.log, line 3: ");
            assertThat(read.summary()).contains("2 versions of 1 objects of 1 kinds");
        }
    }

    @Test
    void aRequestWithoutATimeIsNamedAndTheRestIsRead() throws Exception {
        request("create", "", "a", 201, map("a", 10, "one", ""));
        request("update", "", "a", 200, map("a", 12, "two", ""));
        lines.set(1, lines.get(1).replaceFirst(",\"stageTimestamp\":\"[^\"]*\"", ""));
        Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[32]));
        try (ClusterImport read = ClusterImport.read(log(), null, "", masking, directory, (file, objects) -> {})) {
            assertThat(read.report().damaged()).containsExactly("request id-2: it has no stageTimestamp");
            assertThat(read.summary()).contains("1 versions of 1 objects of 1 kinds");
        }
    }

    @Test
    void aLogWithoutObjectsSaysWhatItsPolicyLacks() throws Exception {
        request("create", "", "a", 201, "");
        Path log = log();
        assertThatThrownBy(() -> write(log))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("level RequestResponse");
        Path other = Files.writeString(directory.resolve("other.json"), "{\"a\":1}\n");
        assertThatThrownBy(() -> write(other))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("holds neither a must-gather nor a dump nor an audit log");
    }
}
