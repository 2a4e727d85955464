/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules about what stands behind names and addresses, or beside a pod, and stays what it was until something is made anew. */
class ReachRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String PEER = "image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]";
    private static final String READY = "phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]";

    private static String slice(String service, String endpoints) {
        return "endpointslices.discovery.k8s.io/" + service + "-1 {metadata: {labels: {'kubernetes.io/service-name': '"
                + service
                + "'}}, ports: [{port: 80}], endpoints: ["
                + endpoints + "]}";
    }

    private static String of(String kind, String name) {
        return "labels: {app: 'db'}, ownerReferences: [{apiVersion: '" + (kind.equals("Job") ? "batch" : "apps")
                + "/v1', kind: '" + kind + "', controller: true, name: '" + name + "', uid: 'u-" + name + "'}]";
    }

    @Test
    void anAnnotationThatAContainerReadsIsProvedIfNoServiceAnswersToItAnyMore() throws Exception {
        String told = """
                        -10 is services/db {spec: {ports: [{port: 80}]}}
                        -10 is deployments.apps/web {spec: {template: {metadata: {annotations: {'e/peer': 'http://db'}}, spec: {containers: [{name: 'web'}]}}}}
                        20 is deployments.apps/web {spec: {template: {metadata: {annotations: {'e/peer': 'http://%s'}}, spec: {containers: [{name: 'web'}]}}}}
                        21 made replicasets.apps/web-b {metadata: {%s}, spec: {replicas: 1}}
                        30 made pods/web-b-1 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-b', uid: 'u-web-b'}]}, spec: {containers: [{name: 'web', env: [{name: 'P', valueFrom: {fieldRef: {fieldPath: "metadata.annotations['%s']"}}}]}]}, status: {phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', finishedAt: '2026-02-02T02:40:30Z'}}}]}}
                        """;
        String field = "web CHANGED spec.template.metadata.annotations[\"e/peer\"]";
        assertThat(links("own-annotations", WEB, told.formatted("reel", OF_WEB, "e/peer")))
                .containsExactly("A " + field);
        assertThat(links("own-annotations", WEB, told.formatted("db.example.com", OF_WEB, "e/peer")))
                .as("it may well be outside")
                .containsExactly("B " + field);
        assertThat(links("own-annotations", WEB, told.formatted("reel", OF_WEB, "e/owner")))
                .isEmpty();
    }

    @Test
    void aLabelThatOthersHaveToBeBesideIsProvedIfNothingElseStandsInTheWay() throws Exception {
        String told = """
                        -10 is nodes/n1 {metadata: {labels: {host: 'n1'}}, spec: {unschedulable: false}, status: {allocatable: {pods: '10'}}}
                        -20 is deployments.apps/db {spec: {template: {metadata: {labels: {app: 'db', heat: 'hot'}}, spec: {containers: []}}}}
                        -10 is pods/db-1 {metadata: {%1$s}, spec: {nodeName: 'n1', containers: []}, status: {phase: 'Running'}}
                        20 is deployments.apps/db {spec: {template: {metadata: {labels: {app: 'db', %3$s}}, spec: {containers: []}}}}
                        21 is nodes/n1 {metadata: {labels: {host: 'n1'}}, spec: {unschedulable: %4$s}, status: {allocatable: {pods: '10'}}}
                        25 gone pods/db-1
                        26 made pods/db-2 {metadata: {%2$s}, spec: {nodeName: 'n1', containers: []}, status: {phase: 'Running'}}
                        40 made pods/web-1 {spec: {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {heat: 'hot'}}, topologyKey: 'host'}]}}, containers: [{name: 'web'}]}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: '2026-02-02T02:40:41Z', message: "0/1 nodes are available: 1 node(s) didn't match pod affinity rules."}]}}
                        """;
        String before = of("Deployment", "db").replace("app: 'db'", "app: 'db', heat: 'hot'");
        String after = of("Deployment", "db");
        String field = "db CHANGED spec.template.metadata.labels.heat";
        assertThat(links("missing-companion", "pods/web-1", told.formatted(before, after, "tier: 'hot'", "false")))
                .containsExactly("A " + field);
        assertThat(links("missing-companion", "pods/web-1", told.formatted(before, after, "tier: 'hot'", "true")))
                .as("the node takes no pods at all")
                .containsExactly("B " + field);
        assertThat(links("missing-companion", "pods/web-1", told.formatted(before, before, "heat: 'hot'", "false")))
                .isEmpty();
    }

    @Test
    void whatWentWithAJobThatWasOverIsOfTheTimeThatItIsKeptFor() throws Exception {
        String job =
                "status: {conditions: [{type: 'Complete', status: 'True', lastTransitionTime: '2026-02-02T02:39:00Z'}]}";
        String told = """
                        -30 is jobs.batch/fill {spec: {template: {spec: {containers: []}}}, %1$s}
                        -20 is configmaps/c {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', name: 'fill', uid: 'u-fill'}]}, data: {a: 'b'}}
                        -10 base web {image: 'web:1', envFrom: [{configMapRef: {name: 'c'}}]}
                        10 is jobs.batch/fill {spec: {ttlSecondsAfterFinished: %2$d, template: {spec: {containers: []}}}, %1$s}
                        %3$d gone jobs.batch/fill
                        61 gone configmaps/c
                        70 rollout web b {image: 'web:1', envFrom: [{configMapRef: {name: 'c'}}]} waiting CreateContainerConfigError configmap "c" not found
                        """;
        assertThat(causes(WEB, told.formatted(job, 1, 12))).startsWith("A fill CHANGED spec.ttlSecondsAfterFinished");
        assertThat(causes(WEB, told.formatted(job, 3600, 12)))
                .as("it was deleted before its time")
                .startsWith("A fill DELETED");
        assertThat(causes(WEB, told.formatted(job, 1, 60)))
                .as("the controller would have done so long ago")
                .startsWith("A fill DELETED");
    }

    @Test
    void whatWentWithAFinishedJobIsOfTheCronJobThatKeepsNoneSince() throws Exception {
        String job = "status: {conditions: [{type: '%s', status: 'True', lastTransitionTime: '2026-02-02T02:39:00Z'}]}";
        String told = """
                        -40 is cronjobs.batch/nightly {spec: {successfulJobsHistoryLimit: 3, jobTemplate: {spec: {template: {spec: {containers: []}}}}}}
                        -30 is jobs.batch/fill {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'CronJob', controller: true, name: 'nightly', uid: 'u-nightly'}]}, spec: {template: {spec: {containers: []}}}, %1$s}
                        -20 is configmaps/c {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', name: 'fill', uid: 'u-fill'}]}, data: {a: 'b'}}
                        -10 base web {image: 'web:1', envFrom: [{configMapRef: {name: 'c'}}]}
                        10 is cronjobs.batch/nightly {spec: {successfulJobsHistoryLimit: %2$d, jobTemplate: {spec: {template: {spec: {containers: []}}}}}}
                        12 gone jobs.batch/fill
                        61 gone configmaps/c
                        70 rollout web b {image: 'web:1', envFrom: [{configMapRef: {name: 'c'}}]} waiting CreateContainerConfigError configmap "c" not found
                        """;
        assertThat(causes(WEB, told.formatted(job.formatted("Complete"), 0)))
                .startsWith("A nightly CHANGED spec.successfulJobsHistoryLimit");
        assertThat(causes(WEB, told.formatted(job.formatted("Complete"), 1)))
                .as("it keeps one")
                .startsWith("A fill DELETED");
        assertThat(causes(WEB, told.formatted(job.formatted("Failed"), 0)))
                .as("it is not one of those")
                .startsWith("A fill DELETED");
    }

    @Test
    void aJobBehindAServiceIsTheCauseIfItWasSuspendedBeforeItsPodsWent() throws Exception {
        String told = "-10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}\n-10 is "
                + slice("db", "{addresses: ['10.0.0.9']}") + "\n"
                + """
                        -20 is jobs.batch/db {spec: {suspend: false, template: {spec: {containers: []}}}}
                        -10 is pods/db-x {metadata: {%2$s}, spec: {containers: []}, status: {%3$s}}
                        %1$d is jobs.batch/db {spec: {suspend: true, template: {spec: {containers: []}}}}
                        22 gone pods/db-x
                        """ + "23 is " + slice("db", "") + "\n";
        String job = of("Job", "db");
        assertThat(links("endpoint-pods", "services/db", told.formatted(20, job, READY)))
                .containsExactly("A -> SUSPENDED db");
        assertThat(links("endpoint-pods", "services/db", told.formatted(60, job, READY)))
                .isEmpty();
        assertThat(links("endpoint-pods", "services/db", told.formatted(20, job, "phase: 'Succeeded'")))
                .isEmpty();
    }

    @Test
    void aJobThatIsDoneByItsPolicyOfSuccessEndsItsOtherPodsWhichAreMissedIfTheyWereReady() throws Exception {
        String cron =
                "is cronjobs.batch/show {spec: {jobTemplate: {spec: {completions: 2%s, template: {spec: {containers: []}}}}}}\n";
        String job =
                "made jobs.batch/db {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'CronJob', controller: true,"
                        + " name: 'show', uid: 'u-show'}]}, spec: {template: {spec: {containers: []}}}, status: {conditions: [%s]}}\n";
        String done = "{type: 'SuccessCriteriaMet', status: 'True', reason: '%s', lastTransitionTime: '"
                + Story.time(20) + "'}";
        String policy = ", successPolicy: {rules: [{succeededIndexes: '0'}]}";
        String told = "-10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}\n-10 is "
                + slice("db", "{addresses: ['10.0.0.9']}") + "\n-30 " + cron.formatted("") + "5 "
                + cron.formatted(policy)
                + "8 " + job.formatted("")
                + "9 is pods/db-x {metadata: {" + of("Job", "db") + "}, spec: {containers: []}, status: {%2$s}}\n"
                + "21 " + job.formatted(done.formatted("%1$s"))
                + "22 gone pods/db-x\n23 is " + slice("db", "") + "\n";
        assertThat(links("success-policy", "services/db", told.formatted("SuccessPolicy", READY)))
                .containsExactly("A show CHANGED spec.jobTemplate.spec.successPolicy");
        assertThat(links("success-policy", "services/db", told.formatted("CompletionsReached", READY)))
                .isEmpty();
        assertThat(links("success-policy", "services/db", told.formatted("SuccessPolicy", "phase: 'Running'")))
                .as("nobody missed it")
                .isEmpty();
    }

    @Test
    void anAddressThatIsGivenToAnotherServiceIsProvedOnlyAtTheSamePort() throws Exception {
        String told = "-10 is " + slice("db", "{addresses: ['10.0.0.9']}") + "\n-10 is "
                + slice("other", "{addresses: ['10.0.0.8']}") + "\n"
                + """
                        -10 is services/db {spec: {clusterIP: '%1$s', selector: {app: 'db'}, ports: [{port: 80}]}}
                        -10 is services/other {spec: {selector: {app: 'other'}, ports: [{port: %2$d}]}}
                        -10 base web {%4$s}
                        20 is services/other {spec: {externalIPs: ['%3$s'], selector: {app: 'other'}, ports: [{port: %2$d}]}}
                        40 pod web {%4$s} crashed Error bad
                        """;
        assertThat(links("taken-address", WEB, told.formatted("None", 80, "10.0.0.9", PEER)))
                .containsExactly("A other CHANGED spec.externalIPs");
        assertThat(links("taken-address", WEB, told.formatted("10.9.0.1", 80, "10.9.0.1", PEER)))
                .containsExactly("A other CHANGED spec.externalIPs");
        assertThat(links("taken-address", WEB, told.formatted("10.9.0.1", 80, "10.0.0.9", PEER)))
                .as("whoever has sent to the Service's own address is led on already")
                .isEmpty();
        assertThat(links("taken-address", WEB, told.formatted("None", 81, "10.0.0.9", PEER)))
                .isEmpty();
        assertThat(links("taken-address", WEB, told.formatted("None", 80, "192.0.2.1", PEER)))
                .isEmpty();
    }

    @Test
    void podsThatNameEachOtherNeedNamesBeforeTheyAreReadyUnlessOneIs() throws Exception {
        String told = """
                        -10 is services/db {spec: {clusterIP: 'None', publishNotReadyAddresses: true, selector: {app: 'web'}, ports: [{port: 80}]}}
                        -10 base web {%1$s}
                        20 is services/db {spec: {clusterIP: 'None', selector: {app: 'web'}, ports: [{port: 80}]}}
                        %2$d gone pods/web-a-x
                        30 rollout web b {%1$s} crashed Error %3$s
                        """;
        String field = "db CHANGED spec.publishNotReadyAddresses";
        assertThat(links("cold-start", WEB, told.formatted(PEER, 25, "lookup db: no such host")))
                .containsExactly("A " + field);
        assertThat(links("cold-start", WEB, told.formatted(PEER, 25, "bad"))).containsExactly("B " + field);
        assertThat(links("cold-start", WEB, told.formatted(PEER, 90, "lookup db: no such host")))
                .isEmpty();
    }

    @Test
    void theDnsIsAskedByUdp() throws Exception {
        String udp = "{name: 'dns', port: 53, protocol: 'UDP'}";
        String tcp = "{name: 'dns-tcp', port: 53, protocol: 'TCP'}";
        String told = """
                        -10 is services/kube-dns@kube-system {spec: {ports: [%2$s, %3$s]}}
                        -10 is services/db {spec: {ports: [{port: 80}]}}
                        -10 base web {%1$s}
                        20 is services/kube-dns@kube-system {spec: {ports: [%4$s]}}
                        40 pod web {%1$s} crashed Error bad
                        """;
        assertThat(links("cluster-dns", WEB, told.formatted(PEER, udp, tcp, tcp)))
                .containsExactly("A kube-dns CHANGED spec.ports[name=dns]");
        assertThat(links("cluster-dns", WEB, told.formatted(PEER, udp, tcp, udp)))
                .isEmpty();
        assertThat(links("cluster-dns", WEB, told.formatted("image: 'web:1'", udp, tcp, tcp)))
                .isEmpty();
    }

    @Test
    void aServiceWithoutItsSelectorKeepsAddressesThatAreNobodysLater() throws Exception {
        String told = "-10 is " + slice("db", "{addresses: ['10.0.0.9']}") + "\n" + """
                        -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                        -10 is pods/db-1 {metadata: {labels: {app: 'db'}}, spec: {containers: []}, status: {podIP: '10.0.0.9', %2$s}}
                        -10 base web {%1$s}
                        20 is services/db {spec: {ports: [{port: 80}]}}
                        %3$d gone pods/db-1
                        26 made pods/db-2 {metadata: {labels: {app: 'db'}}, spec: {containers: []}, status: {podIP: '10.0.0.10', %2$s}}
                        40 pod web {%1$s} crashed Error bad
                        """;
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, READY, 25)))
                .containsExactly("A db CHANGED spec.selector");
        assertThat(links("endpoint-choice", WEB, told.formatted(PEER, READY, 90)))
                .as("one of them still answers")
                .isEmpty();
    }

    @Test
    void podsThatAreReadyOnlySinceTheirProbeIsGoneAreLikelierThanTheirCreation() throws Exception {
        String told = """
                        -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                        -20 is deployments.apps/db {spec: {template: {spec: {containers: []}}}}
                        -10 is pods/db-1 {metadata: {%2$s}, spec: {containers: []}, status: {%4$s}}
                        -10 base web {%1$s}
                        5 made deployments.apps/next {spec: {template: {spec: {containers: [{name: 'c', readinessProbe: {httpGet: {port: 80}}}]}}}}
                        8 made pods/next-1 {metadata: {%6$s}, spec: {containers: [{name: 'c'}]}, status: {%5$s}}
                        20 is deployments.apps/next {spec: {template: {spec: {containers: [{name: 'c'}]}}}}
                        25 made pods/next-2 {metadata: {%3$s}, spec: {containers: [{name: 'c'}]}, status: {%4$s}}
                        40 pod web {%1$s} crashed Error bad
                        """;
        String db = of("Deployment", "db");
        String next = of("Deployment", "next");
        String first = next.replace("labels: {", "labels: {'pod-template-hash': '1', ");
        assertThat(causes(WEB, told.formatted(PEER, db, next, READY, "phase: 'Running'", first)))
                .startsWith("B next CHANGED spec.template.spec.containers[name=c].readinessProbe");
        assertThat(causes(WEB, told.formatted(PEER, db, next, READY, READY, first)))
                .startsWith("B next CREATED");
    }

    @Test
    void aNameThatIsLookedUpInVainIsOfTheSettingThatHasItOrElseOfASecret() throws Exception {
        String reads = "image: 'web:1', envFrom: [{secretRef: {name: 's'}}, {configMapRef: {name: 'c'}}]";
        String told = """
                        -20 is secrets/s {data: {url: 'hidden-1'}}
                        -20 is configmaps/c {data: {peer: 'one', mode: 'a'}}
                        -10 base web {%1$s}
                        10 is secrets/s {data: {url: 'hidden-2'}}
                        12 is configmaps/c {data: {peer: '%2$s', mode: 'b'}}
                        20 rollout web b {%1$s} crashed Error bad
                        %3$s
                        """;
        String sought = "23 sought web-b-x reel.shop.svc.cluster.local";
        assertThat(links("sought-name", WEB, told.formatted(reads, "two", sought)))
                .containsExactly("B s CHANGED data.url");
        assertThat(links("sought-name", WEB, told.formatted(reads, "http://reel/", sought)))
                .as("it is written where anybody may read it")
                .containsExactly("B c CHANGED data.peer");
        assertThat(links(
                        "sought-name",
                        WEB,
                        told.formatted(reads, "two", "-5 sought web-a-x reel.shop.svc.c.l\n" + sought)))
                .as("it was looked up in vain before anything was changed")
                .isEmpty();
        assertThat(links("sought-name", WEB, told.formatted(reads + ", args: ['reel']", "two", sought)))
                .as("it was named all the time")
                .isEmpty();
        assertThat(links(
                        "sought-name",
                        WEB,
                        told.formatted(
                                reads, "two", "-10 is services/reel {spec: {}}\n11 gone services/reel\n" + sought)))
                .as("there was a Service of the name")
                .isEmpty();
        assertThat(links(
                        "sought-name", WEB, told.replace("{url:", "{'tls.crt':").formatted(reads, "two", sought)))
                .as("it is a certificate")
                .isEmpty();
    }

    @Test
    void anAnnotationThatTheMessageNamesComesBeforeWhatElseWasChanged() throws Exception {
        String web =
                "is deployments.apps/web {spec: {template: {metadata: {annotations: {'e/tier': '%1$s'}}, spec: {containers:"
                        + " [{name: 'web', workingDir: '/%1$s'}]}}}}\n";
        String told =
                "-10 " + web.formatted("a") + "20 " + web.formatted("b") + "30 made pods/web-1 {metadata: {" + OF_WEB
                        + "}, spec: {containers: [{name: 'web', workingDir: '/b', env: [{name: 'P', valueFrom: {fieldRef:"
                        + " {fieldPath: \"metadata.annotations['%s']\"}}}]}]}, status: %s}\n";
        String field = "B web CHANGED spec.template.metadata.annotations[\"e/tier\"]";
        String named = Story.crashed(31, "Error", "annotation e/tier is not understood");
        assertThat(causes(WEB, told.formatted("e/tier", named))).startsWith(field);

        assertThat(causes(WEB, told.formatted("e/owner", named))).doesNotContain(field);
    }

    @Test
    void aServiceThatIsLeftToAnotherProxyIsProvedIfItsAddressIsSaidNotToAnswer() throws Exception {
        String service =
                "is services/db {metadata: {labels: {%s}}, spec: {clusterIP: '%s', selector: {app: 'db'}, ports: [{port: 80}]}}\n";
        String label = "'service.kubernetes.io/service-proxy-name': 'other'";
        String told = "-10 " + service.formatted("a: 'b'", "%1$s") + "-10 base web {" + PEER + "}\n10 "
                + service.formatted("a: 'b', " + label, "%1$s") + "40 pod web {" + PEER + "} crashed Error %2$s\n";
        String field = " db CHANGED metadata.labels[\"service.kubernetes.io/service-proxy-name\"]";
        assertThat(links(
                        "service-proxy", WEB, told.formatted("10.96.0.9", "dial tcp 10.96.0.9:80: connection refused")))
                .containsExactly("A" + field);
        assertThat(links("service-proxy", WEB, told.formatted("10.96.0.9", "bad")))
                .containsExactly("B" + field);
        assertThat(links("service-proxy", WEB, told.formatted("None", "bad")))
                .as("pods are asked themselves")
                .isEmpty();
    }

    @Test
    void aPodThatAsksForItselfNeedsANameBeforeItIsReadyThoughAnotherIs() throws Exception {
        String told = """
            -10 is services/db {spec: {clusterIP: 'None', publishNotReadyAddresses: true, selector: {app: '%1$s'}}}
            -10 base web {image: 'web:1'}
            %2$d is services/db {spec: {clusterIP: 'None', selector: {app: '%1$s'}}}
            30 rollout web b {image: 'web:1'} crashed Error %3$s
            """;
        String field = "db CHANGED spec.publishNotReadyAddresses";
        String unknown = "lookup web-b-x.db.shop.svc: no such host";
        assertThat(links("cold-start", WEB, told.formatted("web", 20, unknown))).containsExactly("A " + field);
        assertThat(links("cold-start", WEB, told.formatted("web", 20, "no answer of web-b-x.db")))
                .as("it does not say that there is no such name")
                .containsExactly("B " + field);

        assertThat(links("cold-start", WEB, told.formatted("web", 20, "lookup web-a-x.db: no such host")))
                .as("it asks for the one that is ready")
                .isEmpty();
        assertThat(links("cold-start", WEB, told.formatted("web", 40, unknown)))
                .as("it was made before")
                .isEmpty();
        assertThat(links("cold-start", WEB, told.formatted("db", 20, unknown)))
                .as("it is not behind the Service")
                .isEmpty();
    }
}
