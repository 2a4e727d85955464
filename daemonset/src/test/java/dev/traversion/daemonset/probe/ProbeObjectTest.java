/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.traversion.archive.TraversionException;
import dev.traversion.daemonset.Kernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes that no kernel takes. */
class ProbeObjectTest {

    private static final Path HEADERS = Path.of("..", "bpf-programs");
    private static final Path CLANG = Path.of("/usr/bin/clang");

    @TempDir
    private Path directory;

    @BeforeEach
    void probesCanBeLoadedAndCompiled() throws IOException {
        Kernel.assumeProbes();
        assumeTrue(Files.isExecutable(CLANG), CLANG + " is not installed");
    }

    @Test
    void whatTheVerifierRefusesIsRefusedWithItsWords() throws Exception {
        byte[] careless = compile("""
                #include "probe.h"
                SEC("tp_btf/sched_process_exec")
                int careless(void *context)
                {
                	struct counter *counter = bpf_map_lookup_elem(&counters, &(u32){1});
                	return counter->lost;
                }
                """);

        assertThatThrownBy(() -> load(careless))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("The probe test cannot be used")
                .hasMessageContaining("The verifier says")
                .hasMessageContaining("map_value_or_null");
        assertThat(Kernel.held()).isEmpty();
    }

    @Test
    void aHookThatTheKernelLacksIsSaidToBeMissing() throws Exception {
        byte[] unhooked = compile("""
                #include "probe.h"
                SEC("tp_btf/no_such_tracepoint")
                int unhooked(void *context)
                {
                	return 0;
                }
                """);

        assertThatThrownBy(() -> load(unhooked))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("this kernel has no such hook");
        assertThat(Kernel.held()).isEmpty();
    }

    @Test
    void whatIsNoProbeIsRefused() {
        byte[] text = "no object".getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> load(text))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("The probe test cannot be used");
    }

    private static void load(byte[] compiled) {
        Libbpf libbpf = new Libbpf();
        ProbeObject.load(libbpf, "test", compiled, new SharedMaps(libbpf, Map.of()))
                .close();
    }

    private byte[] compile(String source) throws Exception {
        Path file = Files.writeString(directory.resolve("test.bpf.c"), source);
        Path object = directory.resolve("test.bpf.o");
        Process clang = new ProcessBuilder(
                        CLANG.toString(),
                        "-g",
                        "-O2",
                        "-target",
                        "bpfel",
                        "-mcpu=v3",
                        "-I" + HEADERS,
                        "-c",
                        file.toString(),
                        "-o",
                        object.toString())
                .inheritIO()
                .start();
        assertThat(clang.waitFor()).as("exit code of clang").isZero();
        return Files.readAllBytes(object);
    }
}
