/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What tests on the real kernel need. */
public final class Kernel {

    private Kernel() {}

    /** Skips the test, with the reason, where probes cannot be loaded. */
    public static void assumeProbes() throws IOException {
        assumeTrue(
                Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")),
                "the kernel has no BTF (/sys/kernel/btf/vmlinux)");
        assumeTrue(Kernel.class.getResource("/probes/exec.bpf.o") != null, "the probes are not built: no clang");
        assumeTrue(maySetUp(), "not root, or without the capabilities BPF and PERFMON");
        try (Stream<Path> libraries =
                Files.find(Path.of("/usr/lib"), 4, (path, attributes) -> path.endsWith("libbpf.so.1"))) {
            assumeTrue(libraries.findAny().isPresent(), "libbpf.so.1 is not installed");
        }
    }

    /** Skips the test where namespaces and low ports are not to be had. */
    static void assumeRoot() {
        assumeTrue(System.getProperty("user.name").equals("root"), "not root");
    }

    private static boolean maySetUp() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("CapEff:")) {
                long capabilities = Long.parseUnsignedLong(line.substring(7).strip(), 16);
                long wanted = 1L << 38 | 1L << 39;
                return (capabilities & wanted) == wanted;
            }
        }
        return false;
    }

    /** What this process holds of the kernel's BPF: programs, maps, links. */
    public static List<String> held() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.map(Kernel::target)
                    .filter(each -> each.contains("bpf"))
                    .sorted()
                    .toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // The one with which the folder is listed is closed by now.
            return "";
        }
    }
}
