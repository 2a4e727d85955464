/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.Kubectl;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** One namespace in which a scenario is played. */
final class Stage {

    private static final long COMMAND_SECONDS = 120;
    private static final long POLL_MILLIS = 500;

    private final KubernetesClient client;
    private final Kubectl kubectl;
    private final String namespace;
    private final Path kubeconfig;
    private final Path launcher;
    private final Path folder;

    /**
     * @param launcher ./traversion
     * @param folder the scenario's, where commands run
     */
    Stage(KubernetesClient client, Kubectl cluster, String namespace, Path directory, Path launcher, Path folder)
            throws IOException {
        this.client = client;
        this.namespace = namespace;
        this.launcher = launcher;
        this.folder = folder;
        this.kubeconfig = Files.copy(cluster.kubeconfig(), directory.resolve(namespace + ".kubeconfig"));
        this.kubectl = new Kubectl(cluster.program(), kubeconfig);
        kubectl.output("config", "set-context", "--current", "--namespace", namespace);
    }

    String namespace() {
        return namespace;
    }

    void create() {
        kubectl.output("create", "namespace", namespace);
    }

    /** Makes the application, and waits until all of it is well. */
    void prepare(Scenario scenario) throws IOException, InterruptedException {
        for (Step step : scenario.setup()) {
            take(step);
        }
        String manifests = scenario.isKustomized()
                ? kubectl.output("kustomize", folder.toString())
                : String.join("\n---\n", scenario.manifests());
        if (!manifests.isBlank()) {
            kubectl.apply(named(manifests));
        }
        awaitHealthy(scenario.name());
        for (Step step : scenario.ready()) {
            take(step);
        }
    }

    boolean isHealthy() {
        return Health.firstIll(client, namespace).isEmpty();
    }

    void awaitHealthy(String scenario) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(COMMAND_SECONDS);
        String ill = Health.firstIll(client, namespace);
        while (!ill.isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        scenario + ": not well after " + COMMAND_SECONDS + " s, before any fault: " + ill);
            }
            Thread.sleep(POLL_MILLIS);
            ill = Health.firstIll(client, namespace);
        }
    }

    void take(Step step) throws IOException, InterruptedException {
        switch (step) {
            case Step.Apply(String manifest, String as) ->
                succeed(kubectl.runWithInput(named(manifest), "apply", "-f", "-", "--field-manager", as), manifest);
            case Step.Patch patch ->
                kubectl.output(
                        "patch",
                        named(patch.object()),
                        "--type",
                        patch.type(),
                        "--patch",
                        named(patch.with().toString()),
                        "--field-manager",
                        patch.as());
            case Step.Delete(String what) -> {
                String[] words = ("delete " + named(what) + " --wait=false").split(" +");
                kubectl.output(words);
            }
            case Step.Run(String command) -> run(command);
            case Step.Wait(Condition until) -> await(until);
            case Step.Pause(int seconds) -> Thread.sleep(1000L * seconds);
        }
    }

    private static void succeed(Completed completed, String what) {
        if (completed.status() != 0) {
            throw new IllegalStateException(
                    "kubectl apply failed: " + completed.err().strip() + "\n" + what);
        }
    }

    /** @throws IllegalStateException if it does not come true in time, with what was there instead */
    void await(Condition condition) throws InterruptedException {
        long end = System.nanoTime() + condition.within().toNanos();
        String path = path(condition.get());
        Pattern pattern = condition.pattern(namespace);
        while (true) {
            String answer = client.raw(path);
            if (pattern.matcher(answer == null ? "" : answer).find()) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no " + pattern + " in " + path + " within "
                        + condition.within().toSeconds() + " s; it says " + tail(answer));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static String tail(String text) {
        return text == null ? "nothing" : text.substring(Math.max(0, text.length() - 1500));
    }

    /** The path of {@link Condition#get()}. */
    private String path(String get) {
        String named = named(get);
        if (named.startsWith("/")) {
            return named;
        }
        String resource = named.replaceFirst("[?].*", "");
        long slashes = resource.chars().filter(character -> character == '/').count();
        if (slashes < 2) {
            return "/api/v1/namespaces/" + namespace + "/" + named;
        }
        String[] parts = named.split("/", 3);
        return "/apis/" + parts[0] + "/" + parts[1] + "/namespaces/" + namespace + "/" + parts[2];
    }

    private void run(String command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("scenario", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(List.of("bash", "-euo", "pipefail", "-c", command))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("KUBECONFIG", kubeconfig.toString());
            builder.environment().put("NAMESPACE", namespace);
            builder.environment().put("TRAVERSION", launcher.toString());
            builder.environment()
                    .merge("PATH", kubectl.program().getParent().toString(), (path, folder) -> folder + ":" + path);
            Process process = builder.start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException("failed: " + command + "\n" + Files.readString(output));
            }
        } finally {
            Files.delete(output);
        }
    }

    private String named(String text) {
        return text.replace(Scenario.NAMESPACE, namespace);
    }

    /** Undoes what was done, and begins to delete the namespace. */
    void leave(Scenario scenario) throws IOException, InterruptedException {
        try {
            for (Step step : scenario.undo()) {
                take(step);
            }
        } finally {
            kubectl.run("delete", "namespace", namespace, "--wait=false", "--ignore-not-found");
        }
    }
}
