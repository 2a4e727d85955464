/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The offsets that Java believes in are those that the compiled probes have, by their BTF. */
class LayoutsTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "exec, event, Event",
        "exec, exec_event, Exec",
        "exit, exit_event, Exit",
        "oom, oom_event, Oom",
        "signal, signal_event, Signal",
        "tcp, flow_event, Flow",
        "segments, segment_event, Segment",
        "cgroup, cgroup_event, Cgroup",
        "block, block_event, Block",
        "exec, exec_arguments_event, ExecArguments",
        "dns, dns_event, Dns",
        "dns_tcp, dns_segment_event, DnsSegment",
    })
    void javaAndTheKernelAgreeOnEachField(String probe, String struct, String layout) throws Exception {
        Map<String, Integer> compiled = compiled(probe, struct);
        Class<?> believed = Class.forName(Layouts.class.getName() + "$" + layout);
        int fields = 0;
        for (Field field : believed.getDeclaredFields()) {
            String name = field.getName().toLowerCase(Locale.ROOT);
            assertThat(compiled).as("%s.%s", struct, name).containsEntry(name, field.getInt(null));
            fields++;
        }
        assertThat(fields).as("compared fields").isGreaterThan(2);
        if (compiled.containsKey("file")) {
            assertThat(Layouts.Exec.BYTES - Layouts.Exec.DIRECTORY).isEqualTo(Layouts.DIRECTORY_BYTES);
            assertThat(Layouts.Exec.DIRECTORY - Layouts.Exec.FILE).isEqualTo(Layouts.FILE_BYTES);
            assertThat(Layouts.Exec.FILE - Layouts.Exec.COMMAND).isEqualTo(Layouts.COMMAND_BYTES);
        }
        if (compiled.containsKey("total")) {
            assertThat(Layouts.ExecArguments.BYTES - Layouts.ExecArguments.ARGUMENTS)
                    .isEqualTo(Layouts.ARGUMENT_BYTES);
        }
        if (compiled.containsKey("question")) {
            assertThat(Layouts.Dns.BYTES - Layouts.Dns.QUESTION).isEqualTo(Layouts.QUESTION_BYTES);
        }
        if (compiled.containsKey("path")) {
            assertThat(Layouts.Cgroup.BYTES - Layouts.Cgroup.PATH).isEqualTo(Layouts.PATH_BYTES);
        }
    }

    /** The offsets of a struct's members, and its size as "bytes". */
    private Map<String, Integer> compiled(String probe, String struct) throws Exception {
        Path object = directory.resolve(probe + ".bpf.o");
        try (InputStream in = Layouts.class.getResourceAsStream("/probes/" + probe + ".bpf.o")) {
            assumeTrue(in != null, "the probes are not built: no clang");
            Files.copy(in, object);
        }
        for (JsonNode type : dump(object).path("types")) {
            if (type.path("name").asText().equals(struct)
                    && type.path("kind").asText().equals("STRUCT")) {
                Map<String, Integer> offsets = new HashMap<>();
                offsets.put("bytes", type.path("size").asInt());
                for (JsonNode member : type.path("members")) {
                    offsets.put(
                            member.path("name").asText(),
                            member.path("bits_offset").asInt() / Byte.SIZE);
                }
                return offsets;
            }
        }
        throw new AssertionError("the probe " + probe + " has no struct " + struct);
    }

    private static JsonNode dump(Path object) throws IOException, InterruptedException {
        String program = "/usr/sbin/bpftool";
        assumeTrue(Files.isExecutable(Path.of(program)), "bpftool is not installed");
        Process process = new ProcessBuilder(program, "-j", "btf", "dump", "file", object.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        JsonNode types = new ObjectMapper().readTree(process.getInputStream());
        assertThat(process.waitFor()).isZero();
        return types;
    }
}
