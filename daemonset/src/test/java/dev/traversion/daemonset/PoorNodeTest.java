/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.daemonset.Landed.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that lack what probes need: the agent says what, goes on with usage, and the rest is a gap. */
class PoorNodeTest {

    private static final Path CLANG = Path.of("/usr/bin/clang");

    @TempDir
    private Path directory;

    @BeforeEach
    void nothingElseIsMissing() throws IOException {
        Kernel.assumeProbes();
    }

    @Test
    void aKernelThatDoesNotDescribeItsTypesIsTold() throws Exception {
        Kernel.assumeRoot();
        List<String> command = new ArrayList<>(
                List.of("unshare", "--mount", "sh", "-c", "mount -t tmpfs none /sys/kernel/btf && exec \"$@\"", "sh"));

        records(command, Map.of(), "This kernel does not describe its types");
    }

    @Test
    void aLibraryThatIsTooOldIsTold() throws Exception {
        assumeTrue(Files.isExecutable(CLANG), CLANG + " is not installed");
        Path source = Files.writeString(directory.resolve("old.c"), "void *bpf_object__open_mem(void) { return 0; }\n");
        Process clang = new ProcessBuilder(
                        CLANG.toString(),
                        "-shared",
                        "-nostdlib",
                        "-fPIC",
                        "-o",
                        directory.resolve("libbpf.so.1").toString(),
                        source.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(clang.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(clang.waitFor()).as(said).isZero();

        records(
                List.of(),
                Map.of("LD_LIBRARY_PATH", directory.toString()),
                "The libbpf of this machine is too old: it has no bpf_object__load");
    }

    private void records(List<String> prefix, Map<String, String> environment, String problem) throws Exception {
        Path to = directory.resolve("recording");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(MainTest.command("--to", to.toString(), "--node", "poor"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process agent = builder.start();
        try {
            String said = MainTest.awaitRunning(agent);
            assertThat(said).contains(problem).contains("exec").doesNotContain("\tat ");
            agent.destroy();
            assertThat(agent.waitFor()).as("killed by SIGTERM, as asked").isEqualTo(143);

            List<Row> gaps = Landed.rows(to, LandingTable.GAPS);
            assertThat(gaps)
                    .filteredOn(row -> row.text("kind").equals("exec"))
                    .anyMatch(row -> row.text("reason").contains(problem) && row.number("to_time") == Long.MAX_VALUE);
            assertThat(Landed.rows(to, LandingTable.USAGE))
                    .anyMatch(row -> row.text("kind").equals("node"));
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }
}
