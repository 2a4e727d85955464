/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.fuzzing;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** A test class with fuzz targets. Whatever a target throws is a finding. */
@Tag("fuzz")
public interface FuzzTargets {

    /** Runs every target on some thousand inputs made of the kept ones: what a build can afford. */
    @TestFactory
    default Stream<DynamicTest> generatedInputs() {
        return Arrays.stream(getClass().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(FuzzTest.class))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> generate(method)));
    }

    private void generate(Method target) throws Throwable {
        long seed = Long.getLong("traversion.seed", 1);
        int most = Integer.getInteger("traversion.fuzz.inputs", 5_000);
        long nanos = Long.getLong("traversion.fuzz.millis", 1_000) * 1_000_000;
        long patience = System.nanoTime() + 5 * nanos;
        Mutations mutations = new Mutations(seed, kept(target));
        target.setAccessible(true);
        long end = cpuNanos() + nanos;
        int count = 0;
        while (count < most && cpuNanos() < end && System.nanoTime() - patience < 0) {
            byte[] input = mutations.next();
            try {
                target.invoke(this, (Object) input);
            } catch (InvocationTargetException e) {
                throw finding(target, seed, count, input, e.getCause());
            }
            count++;
        }
        System.out.println(
                getClass().getSimpleName() + "." + target.getName() + ": " + count + " inputs, seed " + seed);
    }

    private static AssertionError finding(Method target, long seed, int number, byte[] input, Throwable cause)
            throws IOException {
        Path file = Path.of("target/findings", target.getDeclaringClass().getSimpleName() + "-" + target.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, input);
        return new AssertionError(
                "input " + number + " of seed " + seed + " fails: " + cause + "; it is in " + file.toAbsolutePath()
                        + ". Keep it as a test resource in " + folder(target) + ".",
                cause);
    }

    private static String folder(Method target) {
        return target.getDeclaringClass().getSimpleName() + "Inputs/" + target.getName();
    }

    private static List<byte[]> kept(Method target) throws IOException, URISyntaxException {
        URL folder = target.getDeclaringClass().getResource(folder(target));
        List<byte[]> kept = new ArrayList<>();
        if (folder != null) {
            try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
                for (Path file : files.sorted().toList()) {
                    kept.add(Files.readAllBytes(file));
                }
            }
        }
        return kept;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
