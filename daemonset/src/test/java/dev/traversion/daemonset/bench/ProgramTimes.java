/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.bench.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** How long each of the agent's programs in the kernel takes a run, as the kernel counts it while this is open. */
final class ProgramTimes implements AutoCloseable {

    private static final Path COUNTING = Path.of("/proc/sys/kernel/bpf_stats_enabled");

    private final String before;

    ProgramTimes() throws IOException {
        before = Files.readString(COUNTING);
        Files.writeString(COUNTING, "1");
    }

    void print(long pid) throws IOException {
        Set<Integer> own = new HashSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fdinfo"))) {
            for (Path file : files.toList()) {
                Files.readString(file)
                        .lines()
                        .filter(line -> line.startsWith("prog_id:"))
                        .forEach(line -> own.add(Integer.parseInt(line.replaceAll("\\D", ""))));
            }
        }
        Process bpftool = new ProcessBuilder("bpftool", "--json", "prog", "show").start();
        JsonNode programs = new ObjectMapper().readTree(bpftool.getInputStream());
        for (JsonNode program : programs) {
            long runs = program.path("run_cnt").asLong();
            if (own.contains(program.path("id").asInt()) && runs > 0) {
                String name = "program." + program.path("name").asText();
                Figure.plain(name, (double) program.path("run_time_ns").asLong() / runs, "ns/run");
                Figure.plain(name + ".runs", (double) runs, "runs");
            }
        }
    }

    @Override
    public void close() throws IOException {
        Files.writeString(COUNTING, before);
    }
}
