/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioTest {

    @TempDir
    private Path directory;

    @Test
    void theScenariosThatComeWithTheSourcesAreAllRead() throws IOException {
        Path folder = Path.of("scenarios");
        List<Scenario> scenarios =
                Scenario.in(Files.isDirectory(folder) ? folder : Path.of("e2e").resolve(folder));

        assertThat(scenarios).hasSizeGreaterThanOrEqualTo(44);
        assertThat(scenarios.stream().filter(scenario -> scenario.cause().isEmpty()))
                .hasSizeGreaterThanOrEqualTo(10)
                .allSatisfy(scenario -> assertThat(scenario.name()).startsWith("quiet-"));
        assertThat(scenarios).allSatisfy(scenario -> assertThat(scenario.needs())
                .allSatisfy(need -> assertThat(Extras.named(need)).isNotEmpty()));
    }

    @Test
    void aMisspelledFieldIsNamedWithItsFile() throws IOException {
        write("title: broken\ntarget: deployment/web\nsymptoms: []\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.read(directory))
                .withMessageContaining("scenario.yaml: unknown field 'symptoms'");
    }

    @Test
    void aStepThatIsNoneIsNamedWithItsPlace() throws IOException {
        write("title: broken\ntarget: deployment/web\nfault: [{wait: 1}, {destroy: everything}]\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.read(directory))
                .withMessageContaining("fault 2: a step is one of apply, patch, delete, run, wait");
    }

    @Test
    void aCauseWithoutASymptomIsRefused() throws IOException {
        write("title: broken\ntarget: deployment/web\ncause: {kind: Deployment, name: web}\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.read(directory))
                .withMessageContaining("a fault has both a symptom and a cause");
    }

    @Test
    void anApplicationMayBeOfSeveralFilesAndStepsMayApplyOthers() throws IOException {
        Files.writeString(directory.resolve("a.yml"), "kind: Service\n");
        Files.writeString(directory.resolve("b.json"), "{\"kind\": \"Secret\"}");
        Files.writeString(directory.resolve("broken.yaml"), "kind: ConfigMap\n");
        Files.writeString(directory.resolve("README.md"), "words");
        write("title: t\ntarget: deployment/web\nfault: [{wait: 1}, {apply: broken.yaml, as: jane}, {wait: 2}]\n");

        Scenario scenario = Scenario.read(directory);

        assertThat(scenario.manifests()).containsExactly("kind: Service\n", "{\"kind\": \"Secret\"}");
        assertThat(scenario.fault())
                .containsExactly(new Step.Pause(1), new Step.Apply("kind: ConfigMap\n", "jane"), new Step.Pause(2));
    }

    @Test
    void anApplicationMayBeAKustomization() throws IOException {
        Files.writeString(directory.resolve("kustomization.yaml"), "resources: [app.yaml]\n");
        Files.writeString(directory.resolve("app.yaml"), "kind: Service\n");
        write("title: t\ntarget: deployment/web\nfault: []\n");

        Scenario scenario = Scenario.read(directory);

        assertThat(scenario.isKustomized()).isTrue();
        assertThat(scenario.manifests()).isEmpty();
    }

    @Test
    void aFolderThatIsAScenarioIsOneAndOneWithoutAnyIsNamed() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.in(directory))
                .withMessageContaining("none of the folders in it has a scenario.yaml");

        Files.writeString(directory.resolve("app.yaml"), "kind: Service\n");
        write("title: t\ntarget: deployment/web\nfault: []\n");
        assertThat(Scenario.in(directory)).hasSize(1);
    }

    @Test
    void whatIsWrongWithAFolderIsSaid() throws IOException {
        write("title: [\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.read(directory))
                .withMessageContaining("scenario.yaml: is no YAML");
        write("title: t\ntarget: deployment/web\nfault: []\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.read(directory))
                .withMessageContaining("no application");
        Files.writeString(directory.resolve("app.yaml"), "kind: Service\n");
        write("title: t\ntarget: deployment/web\nfault: [{wait: 5s}]\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.read(directory))
                .withMessageContaining("fault 1: 'wait' must be a whole number of seconds");
        write("title: t\ntarget: deployment/web\nfault: [{apply: other.yaml}]\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.read(directory))
                .withMessageContaining("fault 1: there is no file")
                .withMessageContaining("other.yaml");
        write("title: t\ntarget: deployment/web\nfault: {wait: 1}\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.read(directory))
                .withMessageContaining("'fault' must be a list of steps");
    }

    @Test
    void aTruthIsReadAsItWasWritten() throws IOException {
        Instant at = Instant.parse("2026-11-26T09:06:18.756631718Z");
        Cause cause = new Cause("Secret", "shop", "credentials", "deleted", "", "");
        Truth fault = new Truth(
                "secret-deleted",
                2,
                "victim",
                "deployment/web",
                "shop",
                at,
                "15m",
                Optional.of(cause),
                new Baselines.Ranks(2, 1));
        Truth quiet = new Truth(
                "quiet", 1, "none", "deployment/web", "shop", at, "15m", Optional.empty(), Baselines.Ranks.NONE);

        fault.write(directory);
        assertThat(Truth.read(directory)).isEqualTo(fault);
        quiet.write(directory);
        assertThat(Truth.read(directory)).isEqualTo(quiet);
    }

    @Test
    void aConditionMayNameTheNamespace() {
        Condition condition = new Condition("events", "\"${NAMESPACE}-old\"", Duration.ofSeconds(1));
        assertThat(condition.pattern("shop").matcher("{\"name\":\"shop-old\"}").find())
                .isTrue();
    }

    @Test
    void aConditionThatIsNoRegularExpressionIsNamedWithItsPlace() throws IOException {
        write("title: broken\ntarget: deployment/web\nfault: [{wait: {get: pods, matches: 'a('}}]\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.read(directory))
                .withMessageContaining("'matches' is no regular expression");
    }

    private void write(String description) throws IOException {
        Files.writeString(directory.resolve("scenario.yaml"), description);
    }
}
