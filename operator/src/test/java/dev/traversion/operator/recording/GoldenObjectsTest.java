/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.crds.Recording;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.operator.policy.EffectiveRules;
import dev.traversion.operator.policy.LoggedNamespaces;
import dev.traversion.operator.settings.Settings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is made for a Recording: {@code in-*.yaml} gives {@code out-*.yaml}. {@code -Dgolden.write} writes the latter. */
class GoldenObjectsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/dev/traversion/operator/recording");
    private static final Settings SETTINGS =
            new Settings("traversion-system", "traversion:test", "traversion-agent:test", Path.of("/tmp"));

    private static final String CLUSTER = "1138ca5b-378d-48b4-b6d1-a9e6b112c010";

    @TestFactory
    Stream<DynamicTest> recordingsGiveTheirObjects() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.filter(file -> file.getFileName().toString().startsWith("in-")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
        }
    }

    private static void check(Path in) throws IOException {
        Recording recording = Serialization.unmarshal(Files.readString(in), Recording.class);
        Names names = new Names(recording, SETTINGS);
        RecordingRules rules = EffectiveRules.of(recording, List.of());
        Inputs inputs = new Inputs(rules.toJson(), LoggedNamespaces.toJson(recording, List.of(), rules), "1");
        List<HasMetadata> all = new ArrayList<>(new AccessObjects(names, SETTINGS.namespace()).all());
        all.addAll(new RecorderObjects(recording, names, SETTINGS, inputs).all());
        all.addAll(new RewindObjects(recording, names, SETTINGS, inputs).all());
        all.addAll(new AgentObjects(recording, names, SETTINGS, inputs, CLUSTER).all());
        StringBuilder text = new StringBuilder();
        all.forEach(object -> text.append(Serialization.asYaml(object)));

        Path out = in.resolveSibling(in.getFileName().toString().replace("in-", "out-"));
        if (System.getProperty("golden.write") != null) {
            Files.writeString(out, text);
        }
        assertThat(out).hasContent(text.toString());
    }
}
