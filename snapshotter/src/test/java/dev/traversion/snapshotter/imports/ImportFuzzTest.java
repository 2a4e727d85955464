/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.traversion.archive.TraversionException;
import dev.traversion.fuzzing.FuzzTargets;
import dev.traversion.fuzzing.Memory;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.MaskingRules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportFuzzTest implements FuzzTargets {

    private static final int ENOUGH = 96 << 20;

    private final Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[] {1}));
    private final ImportReport report = new ImportReport();

    @TempDir
    private Path directory;

    private Spool spool;

    @BeforeEach
    void open() throws IOException {
        spool = new Spool(directory);
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    /** A file of an archive is objects, or damaged, or passed over. */
    @FuzzTest
    void anyFileIsReadOrReported(byte[] input) throws Exception {
        for (String name : new String[] {"a.yaml", "a.json"}) {
            StateReader reader = new StateReader(masking, spool, report, (file, objects) -> {});
            Memory.atMost(ENOUGH, () -> reader.file(name, new ByteArrayInputStream(input)));
        }
    }

    @FuzzTest
    void anyLogIsReadOrReported(byte[] input) throws Exception {
        AuditReader reader = new AuditReader(masking, spool, report, (file, objects) -> {});
        Memory.atMost(ENOUGH, () -> reader.file("audit.log", new ByteArrayInputStream(input)));
    }

    /** An archive that makes no sense is refused or said to be damaged. */
    @FuzzTest
    void anyArchiveIsReadOrRefused(byte[] input) throws Exception {
        Path archive = directory.resolve("archive");
        Files.write(archive, input);
        Memory.atMost(ENOUGH, () -> {
            try {
                Source.walk(archive, new AuditReader(masking, spool, report, (file, objects) -> {}));
            } catch (TraversionException | IOException e) {
                assertThat(Failures.describe(e)).isNotEmpty();
            }
        });
    }

    /** A line without end in a few kilobytes of gzip does not take the memory of the machine. */
    @Test
    void aLineThatUnpacksWithoutEndIsReported() throws Exception {
        Path bomb = directory.resolve("bomb.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            out.write("{\"apiVersion\":\"audit.k8s.io/v1\"}\n{\"a\":\"".getBytes(StandardCharsets.UTF_8));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++) {
                out.write(zeros);
            }
        }
        AuditReader reader = new AuditReader(masking, spool, report, (file, objects) -> {});
        Memory.atMost(5L * (64 << 20), () -> reader.file("bomb.gz", Files.newInputStream(bomb)));
        assertThat(report.damaged()).singleElement().asString().contains("bomb.gz, line 2", "longer than");
    }
}
