/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.UsesControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Specs against a real API server: {@code invalid-*.yaml} is refused with the sentence in its first line, {@code valid-*.yaml} and the
 * samples are accepted. Where a file has two documents, the first one is accepted, and the second one changes it.
 */
@Tag("operator")
@UsesControlPlane
class SpecsIT {

    private static final Path ROOT = Path.of(System.getProperty("traversion.root"));
    private static final Path SPECS = ROOT.resolve("e2e/src/test/resources/dev/traversion/e2e/operator/specs");
    private static final String REFUSED = "# refused: ";

    @TestFactory
    Stream<DynamicTest> specsAreRefusedWithASentenceOrAccepted(ControlPlane plane) throws IOException {
        Definitions.apply(plane.kubectl());
        return Stream.concat(files(SPECS), files(ROOT.resolve("config/samples")))
                .map(file -> DynamicTest.dynamicTest(
                        file.getFileName().toString(), () -> check(plane.kubectl(), Files.readString(file))));
    }

    private static Stream<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> specs = all.filter(
                            path -> path.toString().endsWith(".yaml") && !path.endsWith("kustomization.yaml"))
                    .sorted()
                    .toList();
            assertThat(specs).isNotEmpty();
            return specs.stream();
        }
    }

    private static void check(Kubectl kubectl, String spec) {
        String[] documents = spec.split("(?m)^---\n", -1);
        for (String document : Arrays.copyOf(documents, documents.length - 1)) {
            kubectl.apply(document);
        }
        Completed answer = kubectl.runWithInput(documents[documents.length - 1], "apply", "-f", "-");
        if (spec.startsWith(REFUSED)) {
            String sentence = spec.substring(REFUSED.length(), spec.indexOf('\n'));
            assertThat(answer.status()).as(answer.out()).isNotZero();
            assertThat(answer.err()).contains(sentence);
        } else {
            assertThat(answer.status()).as(answer.err()).isZero();
        }
    }
}
