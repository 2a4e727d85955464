/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.archive.Recording;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container logged stands for the message that it did not leave when it ended. */
class LastWordsTest {

    private static final String WEB = "deployments.apps/web";
    private static final String CRASHED = """
            -20 is configmaps/mailer {data: {TIMEOUT: '4s', DELAY: '1s'}}
            -10 base web {image: 'web:1', envFrom: [{configMapRef: {name: 'mailer'}}]}
            10 is configmaps/mailer {data: {TIMEOUT: '5s', DELAY: '30'}}
            20 rollout web b {image: 'web:1', args: ['-v'], envFrom: [{configMapRef: {name: 'mailer'}}]} crashed Error%s
            """;
    private static final String LOGGED =
            "21 logged web-b-x starting\n22 logged web-b-x time: missing unit in duration \"30\"\n";

    @TempDir
    private Path directory;

    /** A rollout from some settings to others, whose probe gets an answer that says nothing, and what it logs. */
    private static String unready(String before, String after, String logged) {
        return """
                -10 base web {image: 'web:1', %s}
                20 rollout web b {image: 'web:1', %s} unready
                26 event Pod/web-b-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 400
                22 logged web-b-x %s
                """.formatted(before, after, logged);
    }

    private List<String> causes(String folder, String tale) throws Exception {
        return Tale.causes(directory.resolve(folder), WEB, tale);
    }

    @Test
    void whatItLoggedNamesWhatWasChanged() throws Exception {
        String delay = "B mailer CHANGED data.DELAY";
        assertThat(causes("own", CRASHED.formatted("") + LOGGED)).startsWith(delay);

        assertThat(causes("other", CRASHED.formatted("") + LOGGED.replace("web-b-x", "other")))
                .first()
                .as("another one's")
                .isNotEqualTo(delay);
        assertThat(causes("message", CRASHED.formatted(" unknown flag -v") + LOGGED))
                .first()
                .as("it left a message")
                .isNotEqualTo(delay);
    }

    @Test
    void whatOneThatIsNotReadyComplainsOfNamesWhatWasChanged() throws Exception {
        String settings = "env: [{name: 'PEER', value: '%s'}, {name: 'COLOUR', value: '%s'}]";
        String before = settings.formatted("one", "red");
        String after = settings.formatted("two", "blue");
        String peer = "B web CHANGED spec.template.spec.containers[name=web].env[name=PEER].value";
        String colour = peer.replace("PEER", "COLOUR");
        assertThat(causes("peer", unready(before, after, "error: no answer of two")))
                .startsWith(peer);
        assertThat(causes("colour", unready(before, after, "error: no paint is blue")))
                .startsWith(colour);
        assertThat(causes("other", unready(before, after, "sent the blue one")))
                .first()
                .as("it is no complaint")
                .isNotEqualTo(colour);
    }

    @Test
    void whoMayNotReadLogsIsAnsweredWithoutThemAndToldSo() throws Exception {
        try (Story story = new Story(directory)) {
            story.deployment(-10, "web", "\"image\":\"web:1\"");
            story.replicaSet(-9, "web", "a", "{\"replicas\":1}");
            story.pod(20, 18, "web", "a", "\"image\":\"web:1\"", Story.crashed(19, "Error", ""));
            Recording history = story.end(60);
            Kernel kernel = new Logged("no such file");
            Gate all = (_, _) -> Optional.of(history);
            Verdict told = ask(history, all, kernel);
            assertThat(told.symptoms().getFirst().text()).contains("it logged: no such file");
            assertThat(told.hidden()).isEmpty();

            Gate some = (type, _) -> type.equals(Types.LOGS) ? Optional.empty() : Optional.of(history);
            Verdict hidden = ask(history, some, kernel);
            assertThat(hidden.symptoms().getFirst().text()).contains("exit 1").doesNotContain("no such file");
            assertThat(hidden.hidden()).contains("pods/log -n shop");
        }
    }

    private static Verdict ask(Recording history, Gate gate, Kernel kernel) throws Exception {
        return Why.ask(history, gate, kernel, Tale.key(WEB), Story.START, Story.START + 60 * Story.SECOND);
    }

    @Test
    void aTimeOrALineOfASourceIsNoPortAndThatNothingFailedIsNoComplaint() throws Exception {
        String settings = "env: [{name: 'PEER', value: '%s'}, {name: 'WAIT', value: '%s'}]";
        String peer = "B web CHANGED spec.template.spec.containers[name=web].env[name=PEER].value";
        String wait = peer.replace("PEER", "WAIT");
        String one = settings.formatted("one", "300");
        String two = settings.formatted("two", "600");
        assertThat(causes("port", unready(one, two, "error: dial tcp 10.0.0.1:300: no route")))
                .startsWith(wait);
        assertThat(causes("line", unready(one, two, "wait.go:300: error: bad"))).startsWith(peer);
        String thirty = settings.formatted("one", "30");
        assertThat(causes("time", unready(thirty, two, "2026-02-02T10:30:30 error: bad")))
                .startsWith(peer);
        assertThat(causes("unit", unready(settings.formatted("one", "300Mi"), two, "error: dial tcp 10.0.0.1:300: no")))
                .startsWith(peer);
        assertThat(causes("none", unready(one, two, "sent 600 with error=nil, failed: 0, no error")))
                .startsWith(peer);
    }

    @Test
    void aWordThatMessagesSayOfAnythingNamesNothing() throws Exception {
        String settings = "env: [{name: 'PEER', value: '%s'}, {name: 'LEVEL', value: '%s'}]";
        for (String level : List.of("error", "true")) {
            String tale = unready(
                    settings.formatted("one", "low"),
                    settings.formatted("two", level),
                    "level=" + level + " error: it does not work");
            assertThat(causes(level, tale))
                    .startsWith("B web CHANGED spec.template.spec.containers[name=web].env[name=PEER].value");
        }
    }

    @Test
    void whatAnInitContainerThatDoesNotEndComplainsOfNamesWhatWasChanged() throws Exception {
        String spec = "containers: [{name: 'web'}], initContainers: [{name: 'wait', env: [{name: 'PEER', value: '%s'},"
                + " {name: 'COLOUR', value: '%s'}]}]";
        String runs = "{phase: 'Pending', initContainerStatuses: [{name: 'wait', state: {running: {startedAt: '"
                + Story.time(22) + "'}}}]}";
        String tale = RulesTest.rollout(spec.formatted("one", "red"), spec.formatted("two", "blue"), runs)
                + "30 logged web-1 ";
        String peer = "B web CHANGED spec.template.spec.initContainers[name=wait].env[name=PEER].value";
        String colour = peer.replace("PEER", "COLOUR");
        assertThat(Tale.symptoms(directory.resolve("what"), WEB, tale + "error: no paint is blue\n"))
                .containsExactly("INIT_UNFINISHED web-1");
        assertThat(causes("blue", tale + "error: no paint is blue\n")).startsWith(colour);
        assertThat(causes("two", tale + "error: no answer of two\n")).startsWith(peer);

        assertThat(causes("calm", tale + "sent the blue one\n"))
                .first()
                .as("it is no complaint")
                .isNotEqualTo(colour);
        assertThat(causes("far", (tale + "error: no paint is blue\n").replace("logged web-1", "logged web-2")))
                .first()
                .as("another one's")
                .isNotEqualTo(colour);
    }
}
