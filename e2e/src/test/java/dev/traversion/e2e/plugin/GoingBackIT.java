/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.plugin.Plugin.Result;
import dev.traversion.e2e.plugin.Plugin.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** at, rewind and open on a recording, with the real kubectl. */
@UsesCluster
@Tag("plugin")
class GoingBackIT {

    private static final String LIVE = """
            # by hand
            apiVersion: v1
            kind: Config
            current-context: prod
            contexts:
            - {name: prod, context: {cluster: prod, user: me, namespace: shop}}
            clusters:
            - {name: prod, cluster: {server: "https://127.0.0.1:1"}}
            users:
            - {name: me, user: {token: secret}}
            """;

    @TempDir
    private Path directory;

    private KeptRecording kept;
    private Path kubectl;
    private Path kubeconfig;
    private Plugin plugin;

    @BeforeEach
    void unpack(Cluster cluster) throws Exception {
        kept = KeptRecording.unpack(directory.resolve("kept"));
        kubectl = cluster.kubectl().program();
        kubeconfig = Files.writeString(directory.resolve("config"), LIVE);
        plugin = new Plugin(directory, kubectl, kubeconfig)
                .with("TRAVERSION_RECORDING", kept.location().toString());
    }

    @AfterEach
    void end() throws Exception {
        plugin.close();
    }

    @Test
    void atShowsTheMomentAndSaysHowMuchOfItIsKnown() throws Exception {
        Result pods =
                plugin.run("at", kept.after(), "get", "pods", "--no-headers").succeeds();

        assertThat(pods.out()).as("in the namespace of the live context").contains("checkout-", "CrashLoopBackOff");
        assertThat(pods.err()).contains("ago), complete");
        assertThat(plugin.run("at", kept.before(), "get", "pods", "-n", "shop").out())
                .contains("checkout-")
                .doesNotContain("CrashLoopBackOff");
    }

    @Test
    void momentsAreNamedInManyWays() throws Exception {
        Instant after = Instant.parse(kept.after());
        String day = after.toString().substring(0, 10);
        // Just after the config change.
        Instant changed = Instant.parse(kept.before()).plusSeconds(4);
        for (List<String> time : List.of(
                List.of("AGEs"),
                List.of("AGEs ago"),
                List.of("AGEs", "ago"),
                List.of("now"),
                List.of("now-1s"),
                List.of(kept.after()),
                List.of("@" + after.getEpochSecond()),
                List.of(kept.before() + "+8s"),
                List.of(day + "T" + after.toString().substring(11, 19) + "Z"))) {
            List<String> arguments = new ArrayList<>(List.of("at", "--utc"));
            // The clock goes on between the commands, and the recording is short.
            String age = Long.toString(ChronoUnit.SECONDS.between(changed, Instant.now()));
            time.forEach(word -> arguments.add(word.replace("AGE", age)));
            arguments.addAll(List.of("get", "configmap", "checkout-config", "-o", "jsonpath={.data}"));
            assertThat(plugin.run(arguments.toArray(String[]::new)).succeeds().out())
                    .as("%s", time)
                    .contains("payments.url=payments/charge");
        }
    }

    @Test
    void theMomentBeforeAChangeOfAnObject() throws Exception {
        assertThat(plugin.run("at", "cm/checkout-config~1", "get", "cm", "checkout-config", "-o", "yaml")
                        .succeeds()
                        .out())
                .contains("payments.url=http://payments/charge");
        plugin.run("at", "cm/nothing~1", "get", "cm")
                .failsWith("The recording has no cm/nothing in the namespace shop");
        plugin.run("at", "cm/checkout-config~900", "get", "cm").failsWith("2 versions of configmaps/checkout-config");
    }

    @Test
    void rewindTurnsPlainKubectlBackAndLiveUndoesItByteForByte() throws Exception {
        Result rewound = plugin.run("rewind", kept.after()).succeeds();

        assertThat(rewound.out()).contains("(read-only) ready");
        assertThat(plugin.execute(kubectl.toString(), "get", "pods").succeeds().out())
                .contains("CrashLoopBackOff");
        plugin.execute(kubectl.toString(), "delete", "configmap", "checkout-config")
                .failsWith("in the past and read-only");
        plugin.run("rewind", kept.before()).succeeds();
        assertThat(plugin.execute(kubectl.toString(), "get", "pods").succeeds().out())
                .doesNotContain("CrashLoopBackOff");
        plugin.run("rewind", "-").succeeds();
        assertThat(plugin.execute(kubectl.toString(), "get", "pods").succeeds().out())
                .contains("CrashLoopBackOff");

        assertThat(plugin.run("rewind", "--stop").succeeds().out()).contains("Back to the live context prod");
        assertThat(Files.readString(kubeconfig)).isEqualTo(LIVE);
    }

    @Test
    void openServesWithAKubeconfigOfItsOwnUntilInterrupted() throws Exception {
        Path past = directory.resolve("past.yaml");
        try (Running open = plugin.start(
                "open", kept.location().toString(), "--at", kept.after(), "--kubeconfig-out", past.toString())) {
            open.awaitText("past.yaml");
            assertThat(plugin.execute(kubectl.toString(), "--kubeconfig", past.toString(), "get", "pods", "-n", "shop")
                            .succeeds()
                            .out())
                    .contains("CrashLoopBackOff");
            open.signal("INT").await().succeeds();
        }
        assertThat(Files.readString(kubeconfig)).isEqualTo(LIVE);
    }

    @Test
    void namesOfFoldersMayBeInAnyScriptWhateverTheLocale() throws Exception {
        Path moved = Files.move(kept.location(), directory.resolve("запись ä"));

        assertThat(plugin.with("LC_ALL", "C")
                        .run("at", "--from", moved.toString(), kept.after(), "get", "pods")
                        .succeeds()
                        .out())
                .contains("CrashLoopBackOff");
    }

    @Test
    void diffShowsWhatBrokeTheRolloutAndWhoDidIt() throws Exception {
        String range = kept.before() + ".." + kept.after();
        Result diff = plugin.run("diff", range, "-n", "shop");

        assertThat(diff.status()).isEqualTo(1);
        assertThat(diff.out())
                .contains(
                        "~ configmaps/checkout-config -n shop",
                        "data[\"checkout.properties\"]:  (kubectl-client-side-apply)",
                        "- payments.url=http://payments/charge",
                        "+ payments.url=payments/charge",
                        "~ deployments.apps/checkout -n shop");
        assertThat(diff.err()).contains("not shown: ");
        for (String form : List.of("json", "yaml")) {
            Result document = plugin.run("diff", range, "cm/checkout-config", "-n", "shop", "-o", form);
            assertThat(document.status()).as(document.err()).isEqualTo(1);
            assertThat(document.out()).contains("kubectl-client-side-apply");
        }
        plugin.run("diff", kept.after() + ".." + kept.after()).succeeds();
        assertThat(plugin.run("diff", kept.after()).failsWith("is not a range").status())
                .isEqualTo(3);
        assertThat(plugin.run("diff", kept.after() + ".." + kept.before())
                        .failsWith("Write the earlier moment first")
                        .status())
                .isEqualTo(3);
        plugin.with("KUBECTL_EXTERNAL_DIFF", "diff -r");
        assertThat(plugin.run("diff", range, "cm", "-n", "shop").out()).contains("> ", "payments.url=payments/charge");
    }

    @Test
    void timelineTellsWhatHappenedInOrder() throws Exception {
        Result told =
                plugin.run("timeline", "-n", "shop", "--until", kept.after()).succeeds();

        assertThat(told.out().lines().toList())
                .anyMatch(line -> line.contains("changed") && line.contains("configmaps/checkout-config -n shop"))
                .anyMatch(line -> line.contains("condition") && line.contains("Ready: "))
                .anyMatch(line -> line.contains("event") && line.contains("Warning BackOff"));
        assertThat(plugin.run("timeline", "cm/checkout-config", "-n", "shop", "-o", "json")
                        .succeeds()
                        .out())
                .contains("kubectl-client-side-apply", "\"omitted\" : 0");
        plugin.run("timeline", "wombats").failsWith("The recording knows no resource \"wombats\"");
    }

    @Test
    void exitStatusAndOutputAreKubectlsOwn() throws Exception {
        Result missing = plugin.run("at", kept.after(), "get", "pod", "nothing");

        assertThat(missing.status()).isEqualTo(1);
        missing.failsWith("Error from server (NotFound): pods \"nothing\" not found");
        plugin.run("at", kept.after(), "get", "wombats")
                .failsWith("the server doesn't have a resource type \"wombats\"");
    }

    @Test
    void whatActsOnAClusterIsRefused() throws Exception {
        plugin.run("at", kept.after(), "delete", "pod", "x").failsWith("the past is read-only");
        plugin.run("at", kept.after()).failsWith("What should kubectl do");
        plugin.run("at", kept.after(), "get", "pods", "--server", "https://x").failsWith("has no meaning here");
    }

    @Test
    void everyCommandExplainsItself() throws Exception {
        for (String command : List.of("record", "at", "rewind", "diff", "timeline", "open", "version", "completion")) {
            assertThat(plugin.run(command, "--help").succeeds().out()).contains("Usage: kubectl traversion " + command);
        }
        assertThat(plugin.execute(kubectl.toString(), "traversion", "version")
                        .succeeds()
                        .out())
                .contains("kubectl-traversion ");
        Result wrong = plugin.run("recrod");
        wrong.failsWith("recrod");
        assertThat(wrong.status()).isEqualTo(2);
    }

    @Test
    void shellsCompleteCommandsAndKubectlsArguments() throws Exception {
        assertThat(plugin.execute(kubectl.toString(), "__complete", "traversion", "")
                        .succeeds()
                        .out())
                .contains("record", "rewind");
        assertThat(plugin.execute(
                                kubectl.toString(),
                                "__complete",
                                "traversion",
                                "at",
                                kept.after(),
                                "get",
                                "pods",
                                "check")
                        .succeeds()
                        .out())
                .contains("checkout-");
        for (String shell : List.of("bash", "zsh", "fish")) {
            String script = plugin.run("completion", shell).succeeds().out();
            assertThat(script).contains("kubectl-traversion");
        }
    }

    @Test
    void thePlainJarWorksToo() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        assertThat(plugin.execute(java, "-jar", Plugin.jar().toString(), "version", "-o", "json")
                        .succeeds()
                        .out())
                .contains("\"recordingFormat\":\"1.0\"");
    }
}
