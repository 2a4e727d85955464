/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Changes that have nothing to do with the fault, some before and some after it. The seed says which, and by whom. */
final class Decoys {

    /** What there is of them. */
    enum Kind {
        /** No other changes. */
        NONE,
        /** Ten changes of other objects of the namespace. */
        OTHERS,
        /** A harmless change of what is asked about. */
        VICTIM;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHANGES = 10;
    private static final List<String> ACTORS = List.of("helm", "argocd-controller", "jane", "ci", "kubectl-edit");
    private static final List<String> WORKLOADS = List.of("deployment", "statefulset", "daemonset");

    private final List<Step> changes = new ArrayList<>();
    private final Kind kind;
    private final Random random;
    private int before;

    Decoys(Kind kind, Scenario scenario, long seed) {
        this.kind = kind;
        this.random = new Random(seed * 31 + scenario.name().hashCode());
        switch (kind) {
            case NONE -> {}
            case OTHERS -> {
                for (int i = 0; i < CHANGES; i++) {
                    changes.add(other(i));
                }
                before = 2 + random.nextInt(CHANGES - 3);
            }
            case VICTIM -> {
                changes.add(ofVictim(scenario.target()));
                before = random.nextInt(2);
            }
        }
    }

    /** Makes what is changed later. */
    void prepare(Stage stage) throws IOException, InterruptedException {
        if (kind == Kind.OTHERS) {
            stage.take(new Step.Apply(BYSTANDERS, "kubectl-client-side-apply"));
        }
    }

    void before(Stage stage) throws IOException, InterruptedException {
        take(stage, changes.subList(0, before));
    }

    void after(Stage stage) throws IOException, InterruptedException {
        take(stage, changes.subList(before, changes.size()));
    }

    private void take(Stage stage, List<Step> steps) throws IOException, InterruptedException {
        for (Step step : steps) {
            stage.take(step);
            Thread.sleep(random.nextInt(500));
        }
    }

    private Step other(int number) {
        String value = "v" + random.nextInt(1000);
        ObjectNode patch = JSON.createObjectNode();
        String object =
                switch (number % 5) {
                    case 0 -> {
                        patch.putObject("data").put("setting-" + number, value);
                        yield "configmap/bystander-" + number % 2;
                    }
                    case 1 -> {
                        patch.putObject("stringData").put("token-" + number, value);
                        yield "secret/bystander";
                    }
                    case 2 -> {
                        patch.putObject("metadata")
                                .putObject("annotations")
                                .put("example.com/reviewed-" + number, value);
                        yield "service/bystander";
                    }
                    case 3 -> {
                        patch.putObject("spec").put("replicas", number % 2);
                        yield "deployment/bystander";
                    }
                    default -> {
                        patch.putObject("spec").put("revisionHistoryLimit", 3 + number);
                        yield "deployment/bystander";
                    }
                };
        return new Step.Patch(object, "merge", patch, actor());
    }

    private Step ofVictim(String target) {
        ObjectNode patch = JSON.createObjectNode();
        String value = "v" + random.nextInt(1000);
        if (WORKLOADS.contains(target.replaceFirst("/.*", ""))) {
            patch.putObject("spec")
                    .putObject("template")
                    .putObject("metadata")
                    .putObject("annotations")
                    .put("example.com/release-notes", value);
        } else {
            patch.putObject("metadata").putObject("annotations").put("example.com/owner", value);
        }
        return new Step.Patch(target, "merge", patch, actor());
    }

    private String actor() {
        return ACTORS.get(random.nextInt(ACTORS.size()));
    }

    private static final String BYSTANDERS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: bystander-0}
            data: {setting: "on"}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: bystander-1}
            data: {setting: "on"}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: bystander}
            stringData: {token: first}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: bystander}
            spec: {selector: {app: bystander}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: bystander}
            spec:
              replicas: 0
              selector: {matchLabels: {app: bystander}}
              template:
                metadata: {labels: {app: bystander}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: bystander
                    image: traversion.test/actor:1
                    args: [sleep]
                    # A quota may demand that they are there.
                    resources: {requests: {cpu: 5m, memory: 8Mi}, limits: {cpu: 50m, memory: 32Mi}}
            """;
}
