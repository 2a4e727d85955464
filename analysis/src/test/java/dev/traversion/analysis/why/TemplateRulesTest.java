/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules that go back from a pod to its template, one by one: what they name, and what they do not. */
class TemplateRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    @Test
    void aPodThatWasReplacedBeforeItCouldFailDoesNotSpeakForAChangeButOneThatStoodDoes() throws Exception {
        String told = """
                        -10 base web {image: 'web:1'}
                        20 rollout web b {image: 'web:1', args: ['--leak']} ready
                        %d rollout web c {image: 'web:1', args: ['--leak'], workingDir: '/'} refused
                        %d gone pods/web-b-x
                        %d made pods/web-c-1 {metadata: {labels: {'pod-template-hash': 'c'}, ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-c', uid: 'u-web-c'}]}, spec: {containers: [{name: 'web', args: ['--leak'], workingDir: '/'}]}, status: {phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 137, reason: 'OOMKilled', finishedAt: '%s'}}}]}}
                        """;
        assertThat(links("demand", "deployments.apps/web", told.formatted(25, 26, 30, Story.time(50))))
                .contains("B web CHANGED spec.template.spec.containers[name=web].args");
        assertThat(links("demand", "deployments.apps/web", told.formatted(59, 60, 61, Story.time(81))))
                .isEmpty();
    }

    @Test
    void aPullThatFailsNamesTheNewImageButNotAnOlderChange() throws Exception {
        assertThat(links("container-image", WEB, """
                        -10 base web {image: 'web:1'}
                        20 rollout web b {image: 'web:2'} waiting ErrImagePull web:2: not found
                        """))
                .contains("B web CHANGED spec.template.spec.containers[name=web].image");

        assertThat(links("container-image", WEB, """
                        -10 base web {image: 'web:1'}
                        20 rollout web b {image: 'web:1', args: ['-v']} crashed Error bad
                        """)).isEmpty();
    }

    @Test
    void aCommandThatCannotBeStartedIsNamedButNotOneThatHealthyPodsHave() throws Exception {
        assertThat(links("container-command", WEB, """
                        -10 base web {image: 'web:1'}
                        20 rollout web b {image: 'web:1', command: ['/nope']} waiting RunContainerError exec: /nope: no such file
                        """))
                .contains("B web CHANGED spec.template.spec.containers[name=web].command");

        assertThat(links("container-command", WEB, """
                        -10 base web {image: 'web:1'}
                        20 rollout web b {image: 'web:1', args: ['-v']} ready
                        60 rollout web c {image: 'web:2', args: ['-v']} crashed Error bad
                        """)).isEmpty();
    }

    @Test
    void aVariableExplainsACrashButNotAKillForMemory() throws Exception {
        assertThat(links("environment", WEB, """
                        -10 base web {image: 'web:1', env: [{name: 'MODE', value: 'fast'}]}
                        20 rollout web b {image: 'web:1', env: [{name: 'MODE', value: 'none'}]} crashed Error no mode none
                        """))
                .contains("B web CHANGED spec.template.spec.containers[name=web].env[name=MODE].value");

        assertThat(links("environment", WEB, """
                        -10 base web {image: 'web:1', env: [{name: 'MODE', value: 'fast'}]}
                        20 rollout web b {image: 'web:1', env: [{name: 'MODE', value: 'none'}]} crashed OOMKilled
                        """)).isEmpty();
    }

    @Test
    void anAddressWithoutAServiceIsProvedButOneOutsideOfTheClusterIsNot() throws Exception {
        assertThat(links("peer-address", WEB, """
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                        20 rollout web b {image: 'web:1', env: [{name: 'PEER', value: 'http://dbb'}]} crashed Error refused
                        """))
                .contains("A web CHANGED spec.template.spec.containers[name=web].env[name=PEER].value");

        assertThat(links("peer-address", WEB, """
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                        20 rollout web b {image: 'web:1', env: [{name: 'PEER', value: 'db.example.com:5432'}]} crashed Error refused
                        """)).isEmpty();

        assertThat(links("peer-address", WEB, """
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 base web {image: 'web:1', args: ['10.0.0.7:80']}
                        20 rollout web b {image: 'web:1', args: ['192.0.2.4:80']} crashed Error refused
                        """)).isEmpty();
    }

    @Test
    void aLowerLimitOfMemoryExplainsAKillButAHigherOneDoesNot() throws Exception {
        assertThat(links("memory-limit", WEB, """
                        -10 base web {image: 'web:1', resources: {limits: {memory: '64Mi'}}}
                        20 rollout web b {image: 'web:1', resources: {limits: {memory: '8Mi'}}} crashed OOMKilled
                        """))
                .contains("B web CHANGED spec.template.spec.containers[name=web].resources.limits.memory");

        assertThat(links("memory-limit", WEB, """
                        -10 base web {image: 'web:1', resources: {limits: {memory: '64Mi'}}}
                        20 rollout web b {image: 'web:1', resources: {limits: {memory: '128Mi'}}} crashed OOMKilled
                        """)).isEmpty();
    }

    @Test
    void argumentsExplainAKillForMemoryButNotACrash() throws Exception {
        assertThat(links("demand", WEB, """
                        -10 base web {image: 'web:1', args: ['--leak=0']}
                        20 rollout web b {image: 'web:1', args: ['--leak=9']} crashed OOMKilled
                        """)).contains("B web CHANGED spec.template.spec.containers[name=web].args[0]");

        assertThat(links("demand", WEB, """
                        -10 base web {image: 'web:1', args: ['--leak=0']}
                        20 rollout web b {image: 'web:1', args: ['--leak=9']} crashed Error bad
                        """)).isEmpty();
    }

    @Test
    void aLowerLimitOfCpuExplainsProbesThatTimeOutButAHigherOneDoesNot() throws Exception {
        assertThat(links("cpu-limit", WEB, """
                        -10 base web {image: 'web:1', resources: {limits: {cpu: '1'}}}
                        20 rollout web b {image: 'web:1', resources: {limits: {cpu: '10m'}}} unready
                        30 event Pod/web-b-x Unhealthy Readiness probe failed: Get http://10.0.0.1/: context deadline exceeded
                        """))
                .contains("B web CHANGED spec.template.spec.containers[name=web].resources.limits.cpu");

        assertThat(links("cpu-limit", WEB, """
                        -10 base web {image: 'web:1', resources: {limits: {cpu: '1'}}}
                        20 rollout web b {image: 'web:1', resources: {limits: {cpu: '2'}}} unready
                        30 event Pod/web-b-x Unhealthy Readiness probe failed: Get http://10.0.0.1/: context deadline exceeded
                        """)).isEmpty();
    }

    @Test
    void aProbeOfAPortThatIsNotDeclaredIsProvedButAnotherProbeIsNotNamed() throws Exception {
        assertThat(links("probe-settings", WEB, """
                        -10 base web {image: 'web:1', ports: [{containerPort: 80}], readinessProbe: {httpGet: {path: '/', port: 80}}}
                        20 rollout web b {image: 'web:1', ports: [{containerPort: 80}], readinessProbe: {httpGet: {path: '/', port: 81}}} unready
                        30 event Pod/web-b-x Unhealthy Readiness probe failed: refused
                        """))
                .contains("A web CHANGED spec.template.spec.containers[name=web].readinessProbe.httpGet.port");

        assertThat(links("probe-settings", WEB, """
                        -10 base web {image: 'web:1'}
                        20 rollout web b {image: 'web:1', livenessProbe: {periodSeconds: 3}} unready
                        30 event Pod/web-b-x Unhealthy Readiness probe failed: refused
                        """)).isEmpty();
    }

    @Test
    void anotherFieldOfThePodIsNearInTimeOnlyUnlessPodsWithoutItStoodAndLabelsAreNot() throws Exception {
        assertThat(links("template-change", WEB, """
                        -10 base web {image: 'web:1'}
                        20 rollout web b {image: 'web:1', stdin: true} crashed Error bad
                        """))
                .contains("B web CHANGED spec.template.spec.containers[name=web].stdin");

        assertThat(links("template-change", WEB, """
                        -10 is deployments.apps/web {spec: {replicas: 0, template: {spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                        20 rollout web b {image: 'web:1', stdin: true} crashed Error bad
                        """))
                .contains("C web CHANGED spec.template.spec.containers[name=web].stdin");

        assertThat(links("template-change", WEB, """
                        -10 base web {image: 'web:1'}
                        20 pod web {image: 'web:1'} crashed Error bad
                        40 is deployments.apps/web {spec: {replicas: 2, template: {metadata: {labels: {app: 'web', x: 'y'}}, spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                        """)).isEmpty();
    }

    @Test
    void aContainerThatWasTakenOutIsProvedIfNobodyAnswersAtItsPort() throws Exception {
        String web = "{name: 'web', args: ['--call=http://127.0.0.1:9000/', '--port=%s']}";
        String status = "{phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason:"
                + " 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message: '%s',"
                + " finishedAt: '2026-02-02T02:40:30Z'}}}]}";
        String refused = status.formatted("dial tcp 127.0.0.1:9000: connect: connection refused");
        String before = "containers: [" + web + ", {name: 'proxy', ports: [{containerPort: 9000}]}]";
        String after = "containers: [" + web + "]";
        String field = " web CHANGED spec.template.spec.containers[name=proxy]";

        assertThat(links("removed-container", WEB, rollout(before.formatted(80), after.formatted(80), refused)))
                .containsExactly("A" + field);
        assertThat(links(
                        "removed-container",
                        WEB,
                        rollout(before.formatted(80), after.formatted(80), status.formatted("bad"))))
                .containsExactly("B" + field);
        assertThat(links("removed-container", WEB, rollout(before.formatted(9000), after.formatted(9000), refused)))
                .as("the other one has the port, too")
                .containsExactly("B" + field);
        String first = ", initContainers: [{name: 'proxy', restartPolicy: 'Always', ports: [{containerPort: 9000}]}]";
        assertThat(links("removed-container", WEB, rollout(before.formatted(80), after.formatted(80) + first, refused)))
                .as("it is still beside it")
                .isEmpty();
    }

    @Test
    void aContainerThatListensElsewhereIsProvedIfNobodyAnswersWhereAnotherOneAsks() throws Exception {
        String pod =
                "containers: [{name: 'web', args: ['--call=http://127.0.0.1:9000/'], env: [{name: 'A', value: '%2$s'}]},"
                        + " {name: 'proxy', args: ['--port=%1$d']}]";
        String status = "{phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason:"
                + " 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message: '%s',"
                + " finishedAt: '2026-02-02T02:40:30Z'}}}]}";
        String refused = status.formatted("dial tcp 127.0.0.1:9000: connect: connection refused");
        String before = pod.formatted(9000, "b");
        String field = " web CHANGED spec.template.spec.containers[name=proxy].args[0]";

        assertThat(links("moved-companion", WEB, rollout(before, pod.formatted(9100, "c"), refused)))
                .containsExactly("A" + field);
        assertThat(links("moved-companion", WEB, rollout(before, pod.formatted(9100, "c"), status.formatted("bad"))))
                .containsExactly("B" + field);
        assertThat(links("moved-companion", WEB, rollout(before, pod.formatted(9000, "c"), refused)))
                .as("it is where it was")
                .isEmpty();
        String other = pod.formatted(9100, "c").replace("]}]", "]}, {name: 'other', ports: [{containerPort: 9000}]}]");
        assertThat(links("moved-companion", WEB, rollout(before, other, refused)))
                .as("another one has the port")
                .isEmpty();

        String probes =
                "containers: [{name: 'web', readinessProbe: {exec: {command: ['call', 'http://127.0.0.1:9000/']}}},"
                        + " {name: 'proxy', args: ['--port=%d']}]";
        assertThat(links("moved-companion", WEB, rollout(probes.formatted(9000), probes.formatted(9100), refused)))
                .as("its probe may ask itself")
                .containsExactly("B" + field);
        String alone = probes.substring(0, probes.indexOf(", {name: 'proxy'")).replace(",\n", "") + "]";
        assertThat(links("removed-container", WEB, rollout(probes.formatted(9000), alone, refused)))
                .noneMatch(link -> link.startsWith("A"));
    }

    @Test
    void whoOnlySaysThatSomebodyElseFailedIsLessToBlameUnlessItAsksElsewhere() throws Exception {
        String told = """
                -20 is services/api {spec: {selector: {app: 'api'}, ports: [{port: 80}]}}
                -10 base web {image: 'web:1', args: ['http://api/'], env: [{name: 'A', value: 'b'}]}
                -10 base api {image: 'api:1', env: [{name: 'C', value: 'd'}]}
                15 is endpointslices.discovery.k8s.io/api-1 {metadata: {labels: {'kubernetes.io/service-name': 'api'}}, endpoints: [{conditions: {ready: true}, targetRef: {kind: 'Pod', name: 'api-a-x'}}]}
                18 is deployments.apps/api {spec: {replicas: 1, template: {metadata: {labels: {app: 'api'}}, spec: {containers: [{name: 'web', image: 'api:1', env: [{name: 'C', value: 'e'}]}]}}}}
                20 rollout web b {image: 'web:1', args: ['http://api/'], env: [{name: 'A', value: '%s'}]} unready
                25 event Pod/web-b-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: %d
                """;
        String own = "B web CHANGED spec.template.spec.containers[name=web].env[name=A].value";
        assertThat(causes(WEB, told.formatted("c", 500))).first().isEqualTo(own);
        assertThat(causes(WEB, told.formatted("http://other:81/", 502))).first().isEqualTo(own);
        assertThat(causes(WEB, told.formatted("c", 502)))
                .first()
                .isEqualTo("B api CHANGED spec.template.spec.containers[name=web].env[name=C].value");
    }

    @Test
    void aContainerThatWantsAPortInUseIsToBlameIfItWasAddedButNotForOtherFailures() throws Exception {
        String status = "{phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason:"
                + " 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message: '%s',"
                + " finishedAt: '2026-02-02T02:40:30Z'}}}]}";
        String used = status.formatted("listen tcp :8080: bind: address already in use");
        String web = "containers: [{name: 'web', args: ['--port=8080']}";
        String field = "B web CHANGED spec.template.spec.containers[name=proxy]";
        String added = web + ", {name: 'proxy', ports: [{containerPort: 8080}]}]";
        assertThat(links("shared-port", WEB, rollout(web + "]", added, used))).containsExactly(field);
        assertThat(links("shared-port", WEB, rollout(web + "]", added, status.formatted("bad"))))
                .isEmpty();
        assertThat(links("shared-port", WEB, rollout(added, web + "]", used)))
                .as("it was taken out")
                .isEmpty();
        String moved = added.replace("ports: [{containerPort: 8080}]", "args: ['--port=%d']");
        assertThat(links("shared-port", WEB, rollout(moved.formatted(9000), moved.formatted(8080), used)))
                .containsExactly(field + ".args[0]");
    }

    private static final String FIRST_FAILED =
            "{phase: 'Pending', initContainerStatuses: [{name: 'first', state: {waiting: {reason:"
                    + " 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message: '%s', finishedAt:"
                    + " '2026-02-02T02:40:30Z'}}}]}";

    @Test
    void aContainerThatRunsBeforeTheOneThatPreparesForItIsLedBackToTheirOrder() throws Exception {
        String spec = "initContainers: [{name: '%s'}, {name: '%s'}, {name: '%s'}], containers: [{name: 'web'}]";
        String failed = FIRST_FAILED.formatted("no such table");
        String before = spec.formatted("schema", "first", "data");
        assertThat(links("init-order", WEB, rollout(before, spec.formatted("first", "schema", "data"), failed)))
                .containsExactly("B web CHANGED spec.template.spec.initContainers");
        assertThat(links("init-order", WEB, rollout(before, spec.formatted("schema", "data", "first"), failed)))
                .as("it runs later")
                .isEmpty();
    }

    @Test
    void aContainerThatAsksTheServiceOfItsOwnPodsBeforeTheyCanBeReadyIsLedBackToWhatMadeItAsk() throws Exception {
        String spec = "initContainers: [{name: '%s', args: ['--wait=%s']}], containers: [{name: 'web'}]";
        String service = "-20 is services/%s {spec: {selector: {app: '%s'}}}\n";
        String told = service.formatted("shop", "shop") + service.formatted("db", "db");
        String refused = FIRST_FAILED.formatted("dial shop: nobody answers");
        String before = spec.formatted("first", "http://db/");
        String tale = told
                + rollout(before, spec.formatted("first", "http://shop/"), refused)
                        .replace("made pods/web-1 {metadata: {", "made pods/web-1 {metadata: {labels: {app: 'shop'}, ");
        String field = " web CHANGED spec.template.spec.initContainers[name=first].args[0]";
        assertThat(links("asks-itself", WEB, tale)).containsExactly("A" + field);
        assertThat(links("asks-itself", WEB, tale.replace("dial shop: nobody answers", "nobody answers")))
                .containsExactly("B" + field);
        assertThat(links(
                        "asks-itself",
                        WEB,
                        tale.replace("name: 'first', args", "name: 'first', restartPolicy: 'Always', args")))
                .as("it runs beside the others")
                .isEmpty();
        String other =
                "-5 is pods/other {metadata: {labels: {app: 'shop'}}, spec: {containers: []}, status: {conditions: [{type: 'Ready', status: 'True'}]}}\n";
        assertThat(links("asks-itself", WEB, tale + other))
                .as("somebody else answers")
                .isEmpty();
    }
}
