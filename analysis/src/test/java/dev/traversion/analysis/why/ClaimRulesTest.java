/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules about what claims for storage are given, one by one: what they name, and what they do not. */
class ClaimRulesTest extends RulesTest {

    private static final String CLAIM = "persistentvolumeclaims/data-store-1";
    private static final String MARK = "storageclass.kubernetes.io/is-default-class";

    private static String storage(String name, boolean isDefault, String provisioner) {
        return "is storageclasses.storage.k8s.io/%s {metadata: {annotations: {'%s': '%s'}}, provisioner: '%s'}\n"
                .formatted(name, MARK, isDefault, provisioner);
    }

    private static String claim(int ordinal, String spec, String phase) {
        return "made persistentvolumeclaims/data-store-%d {spec: {accessModes: ['ReadWriteOnce'], %s}, status: {phase: '%s'}}\n"
                .formatted(ordinal, spec, phase);
    }

    private static final String VOLUME =
            "-10 is persistentvolumes/v {spec: {accessModes: ['%s'], storageClassName: 'fast', capacity: {storage: '1Gi'}}}\n";

    @Test
    void aDefaultClassThatIsNoneAnyMoreIsProvedIfAVolumeOfItWasFree() throws Exception {
        String manual = "kubernetes.io/no-provisioner";
        String tale = "-10 " + storage("fast", true, manual) + VOLUME + "20 " + storage("fast", false, manual) + "30 "
                + claim(1, "volumeMode: 'Filesystem'", "Pending");
        String field = "fast CHANGED metadata.annotations[\"" + MARK + "\"]";
        assertThat(links("default-class", CLAIM, tale.formatted("ReadWriteOnce")))
                .containsExactly("A " + field);

        assertThat(links("default-class", CLAIM, tale.formatted("ReadWriteMany")))
                .as("nobody knows whether it would have got a volume")
                .containsExactly("B " + field);
    }

    @Test
    void aDefaultClassThatWasDeletedIsProvedIfItsClaimsAreBound() throws Exception {
        String tale = "-10 " + storage("fast", true, "csi.example.com") + "-9 "
                + claim(0, "storageClassName: '%s'", "Bound")
                + "20 gone storageclasses.storage.k8s.io/fast\n30 " + claim(1, "volumeMode: 'Filesystem'", "Pending");
        assertThat(links("default-class", CLAIM, tale.formatted("fast"))).containsExactly("A fast DELETED");

        assertThat(links("default-class", CLAIM, tale.formatted("slow"))).containsExactly("B fast DELETED");
    }

    @Test
    void aClassIsNotMissedByClaimsThatNameOneNorWhereAnotherIsTheDefault() throws Exception {
        String csi = "csi.example.com";
        String tale = "-10 " + storage("fast", true, csi) + "20 " + storage("fast", false, csi);
        assertThat(links("default-class", CLAIM, tale + "30 " + claim(1, "storageClassName: ''", "Pending")))
                .isEmpty();

        String pending = claim(1, "volumeMode: 'Filesystem'", "Pending");
        assertThat(links("default-class", CLAIM, tale + "10 " + storage("slow", true, csi) + "30 " + pending))
                .isEmpty();
        assertThat(links("default-class", CLAIM, tale.replace("'true'", "'no'") + "30 " + pending))
                .as("it never was the default")
                .isEmpty();
        assertThat(links("default-class", CLAIM, tale.replace("20 is", "15 " + pending + "20 is")))
                .as("the claim was made before")
                .isEmpty();
    }

    @Test
    void whatAClaimAsksForHarmsNobodyIfOneOfTheSameTemplateGotItsVolume() throws Exception {
        String tale = """
                -20 is statefulsets.apps/store {spec: {volumeClaimTemplates: [{metadata: {name: '%s'}}]}}
                -10 is persistentvolumes/v {spec: {accessModes: ['ReadWriteOnce'], storageClassName: 'fast', capacity: {storage: '1Gi'}}}
                """ + "-9 " + claim(0, "storageClassName: 'fast'", "%s") + "30 "
                + claim(1, "volumeMode: 'Filesystem'", "Pending");
        String created = "data-store-1 CREATED spec.storageClassName";
        for (String rule : new String[] {"claim-offer", "storage-class"}) {
            assertThat(links(rule, CLAIM, tale.formatted("data", "Bound"))).isEmpty();

            String tier = rule.equals("claim-offer") ? "A " : "B ";
            assertThat(links(rule, CLAIM, tale.formatted("data", "Pending"))).containsExactly(tier + created);
            assertThat(links(rule, CLAIM, tale.formatted("logs", "Bound"))).containsExactly(tier + created);
        }
    }

    @Test
    void thatThereAreToBeMorePodsThanVolumesIsProvedIfNoneWasFreeForThem() throws Exception {
        String set =
                "is statefulsets.apps/store {spec: {replicas: %d, %svolumeClaimTemplates: [{metadata: {name: 'data'}}]}}\n";
        String volume =
                "is persistentvolumes/%s {spec: {%saccessModes: ['ReadWriteOnce'], storageClassName: 'fast', capacity: {storage: '1Gi'}}}\n";
        String theirs = "claimRef: {namespace: 'shop', name: 'data-store-0'}, ";
        String tale = "-20 " + set + "-20 " + volume.formatted("v", "") + "-10 " + volume.formatted("v", theirs) + "-9 "
                + claim(0, "storageClassName: 'fast'", "Bound") + "-5 " + storage("fast", false, "%s") + "20 " + set
                + "21 "
                + claim(1, "storageClassName: 'fast'", "Pending");
        String nobody = "kubernetes.io/no-provisioner";
        String raised = "store CHANGED spec.replicas";
        assertThat(links("claim-offer", CLAIM, tale.formatted(1, "", nobody, 2, "")))
                .containsExactly("A " + raised);

        assertThat(links("claim-offer", CLAIM, tale.formatted(1, "", "csi.example.com", 2, "")))
                .as("somebody makes volumes")
                .isEmpty();
        assertThat(links(
                        "claim-offer",
                        CLAIM,
                        tale.formatted(1, "", nobody, 2, "")
                                .replace(
                                        claim(1, "storageClassName: 'fast'", "Pending"),
                                        claim(1, "volumeMode: 'Filesystem'", "Pending"))))
                .as("it is of no class, other than those before")
                .isEmpty();
        assertThat(links("claim-offer", CLAIM, tale.formatted(2, "", nobody, 3, "")))
                .as("it was to have that pod before")
                .isEmpty();
        assertThat(links(
                        "claim-offer",
                        CLAIM,
                        tale.formatted(1, "ordinals: {start: 1}, ", nobody, 2, "ordinals: {start: 1}, ")))
                .as("its ordinals begin elsewhere")
                .isEmpty();
        assertThat(links(
                        "claim-offer",
                        CLAIM,
                        tale.formatted(1, "", nobody, 2, "") + "-10 " + volume.formatted("w", "")))
                .as("one is free")
                .isEmpty();
        assertThat(links(
                        "claim-offer",
                        CLAIM,
                        tale.formatted(1, "", nobody, 2, "") + "-10 " + volume.formatted("w", "")
                                + "10 gone persistentvolumes/w\n"))
                .as("one was free, and is gone")
                .containsExactly("B " + raised);
    }

    @Test
    void aVolumeThatIsWrittenDownForAnotherClaimIsProvedIfItWasThisOnes() throws Exception {
        String told = """
                        -10 is persistentvolumes/v {spec: {claimRef: {namespace: 'shop', name: 'data-store-1', uid: '%s'}}}
                        -10 is persistentvolumeclaims/data-store-1 {spec: {volumeName: 'v'}, status: {phase: 'Bound'}}
                        20 is persistentvolumes/v {spec: {claimRef: {namespace: 'shop', name: 'other'}}}
                        22 is persistentvolumeclaims/data-store-1 {spec: {volumeName: 'v'}, status: {phase: 'Lost'}}
                        %s
                        """;
        assertThat(links("claim-volume", CLAIM, told.formatted("u-data-store-1", "")))
                .containsExactly("A v CHANGED spec.claimRef.name");
        assertThat(links("claim-volume", CLAIM, told.formatted("u-earlier", "")))
                .as("it was bound to an earlier one")
                .isEmpty();
        String back =
                "21 is persistentvolumes/v {spec: {claimRef: {namespace: 'shop', name: 'data-store-1', uid: 'u-data-store-1'}}}";
        assertThat(links("claim-volume", CLAIM, told.formatted("u-data-store-1", back)))
                .as("it was put back before")
                .isEmpty();
    }

    @Test
    void theClassOfAClaimThatWasBoundDidNotKeepItFromAVolume() throws Exception {
        String tale = "-10 " + storage("fast", true, "csi.example.com") + "10 "
                + claim(1, "storageClassName: 'none'", "Pending")
                + "12 " + claim(1, "storageClassName: 'none', volumeName: 'v'", "%s") + "20 "
                + claim(1, "storageClassName: 'none', volumeName: 'v'", "Lost");
        assertThat(links("storage-class", CLAIM, tale.formatted("Bound"))).isEmpty();

        assertThat(links("storage-class", CLAIM, tale.formatted("Pending")))
                .containsExactly("A data-store-1 CREATED spec.storageClassName");
    }

    @Test
    void aClassThatBecameTheDefaultIsProvedByAnEarlierClaimOfTheSameTemplateThatNamesNone() throws Exception {
        String told = """
                        -30 is statefulsets.apps/db {spec: {replicas: 2, volumeClaimTemplates: [{metadata: {name: 'd'}, spec: {%s}}], template: {spec: {containers: []}}}}
                        -20 is persistentvolumeclaims/d-db-0 {spec: {storageClassName: '%s', volumeName: 'v'}, status: {phase: 'Bound'}}
                        10 made storageclasses.storage.k8s.io/new {metadata: {annotations: {'storageclass.kubernetes.io/is-default-class': 'true'}}, provisioner: 'nobody'}
                        20 made persistentvolumeclaims/d-db-1 {spec: {storageClassName: 'new'}, status: {phase: 'Pending'}}
                        """;
        assertThat(links("default-class", "persistentvolumeclaims/d-db-1", told.formatted("", "old")))
                .containsExactly("A new CREATED");
        assertThat(links("default-class", "persistentvolumeclaims/d-db-1", told.formatted("", "new")))
                .isEmpty();
        assertThat(links(
                        "default-class",
                        "persistentvolumeclaims/d-db-1",
                        told.formatted("storageClassName: 'new'", "old")))
                .isEmpty();
    }

    @Test
    void aVolumeThatIsMountedInAnotherWayIsTheCauseIfItIsTheClaims() throws Exception {
        String told = """
                        -20 is persistentvolumes/v {spec: {mountOptions: ['ro'], claimRef: {name: 'c', namespace: 'shop'}}}
                        -20 is persistentvolumeclaims/c {spec: {volumeName: '%s'}, status: {phase: 'Bound'}}
                        10 is persistentvolumes/v {spec: {mountOptions: ['hard'], claimRef: {name: 'c', namespace: 'shop'}}}
                        20 made pods/p {spec: {volumes: [{name: 'd', persistentVolumeClaim: {claimName: 'c'}}], containers: [{name: 'p'}]}, status: {phase: 'Pending'}}
                        22 event Pod/p FailedMount MountVolume.MountOptionSupport check failed for volume "v" : mount options are not supported
                        """;
        assertThat(links("claimed-volume", "pods/p", told.formatted("v")))
                .containsExactly("B v CHANGED spec.mountOptions[0]");
        assertThat(links("claimed-volume", "pods/p", told.formatted("w"))).isEmpty();
    }

    @Test
    void aVolumeThatLostTheLabelWhichAClaimAsksForIsProvedButNotIfItFitsAgainOrAnotherDoes() throws Exception {
        String volume =
                "is persistentvolumes/%s {metadata: {labels: {speed: '%s', rack: '%s'}}, spec: {%saccessModes: ['ReadWriteOnce'],"
                        + " capacity: {storage: '%s'}}}\n";
        String asks = "resources: {requests: {storage: '1Gi'}}, selector: {matchLabels: {speed: 'fast'}}";
        String tale = "-10 " + volume.formatted("v", "fast", "a", "", "1Gi") + "30 " + claim(1, asks, "Pending");
        String slow = "10 " + volume.formatted("v", "slow", "b", "", "1Gi");
        assertThat(links("volume-changed", CLAIM, tale + slow)).containsExactly("A v CHANGED metadata.labels.speed");
        assertThat(links("claim-offer", CLAIM, tale + slow)).containsExactly("B data-store-1 CREATED spec.selector");
        assertThat(links("volume-changed", CLAIM, tale + "10 " + volume.formatted("v", "fast", "a", "", "500Mi")))
                .containsExactly("A v CHANGED spec.capacity.storage");
        assertThat(links("volume-changed", CLAIM, tale + "10 gone persistentvolumes/v\n"))
                .containsExactly("A v DELETED");

        assertThat(links("volume-changed", CLAIM, tale + slow + "20 " + volume.formatted("v", "fast", "b", "", "1Gi")))
                .as("it was put back")
                .isEmpty();
        assertThat(links("volume-changed", CLAIM, tale + slow + "-10 " + volume.formatted("w", "fast", "a", "", "1Gi")))
                .as("another one is free")
                .isEmpty();
        String theirs = "claimRef: {namespace: 'shop', name: 'other', uid: 'u-other'}, ";
        assertThat(links(
                        "volume-changed",
                        CLAIM,
                        tale.replace(
                                        volume.formatted("v", "fast", "a", "", "1Gi"),
                                        volume.formatted("v", "fast", "a", theirs, "1Gi"))
                                + "10 "
                                + volume.formatted("v", "slow", "a", theirs, "1Gi")))
                .as("another claim had it")
                .isEmpty();
        assertThat(links("volume-changed", CLAIM, tale.replace(asks, "volumeName: 'w', " + asks) + slow))
                .as("the claim is meant for another one")
                .isEmpty();
        assertThat(links("volume-changed", CLAIM, tale.replace("'1Gi'}}, selector", "'2Gi'}}, selector") + slow))
                .as("it never fitted")
                .isEmpty();
        assertThat(links(
                        "volume-changed",
                        CLAIM,
                        tale.replace(asks, asks + ", storageClassName: 'csi'") + slow + "-20 "
                                + storage("csi", false, "csi.example.com")))
                .as("somebody makes volumes")
                .isEmpty();
        assertThat(links("volume-changed", CLAIM, tale + "10 " + volume.formatted("v", "fast", "a", theirs, "1Gi")))
                .as("another claim got it")
                .isEmpty();
        String kept = theirs.replace(", uid: 'u-other'", "");
        assertThat(links("volume-changed", CLAIM, tale + "10 " + volume.formatted("v", "fast", "a", kept, "1Gi")))
                .containsExactly("A v CHANGED spec.claimRef");
    }

    @Test
    void aClaimThatWaitsForItsPodIsToBlameOnceTheSchedulerFindsNoVolumeForIt() throws Exception {
        String local = "storageClassName: 'local', resources: {requests: {storage: '1Gi'}}";
        String tale = "10 " + claim(1, local, "Pending") + """
                11 noted PersistentVolumeClaim/data-store-1 WaitForFirstConsumer waiting for first consumer
                20 made pods/store-1 {spec: {volumes: [{persistentVolumeClaim: {claimName: 'data-store-1'}}], containers: [{name: 'store'}]}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: '2026-02-02T02:40:20Z', message: '0/1 nodes are available: 1 %s'}]}}
                """;
        assertThat(links(
                        "pod-claims",
                        "pods/store-1",
                        tale.formatted("node(s) did not find available persistent volumes to bind")))
                .containsExactly("A -> CLAIM_PENDING data-store-1");
        assertThat(links("pod-claims", "pods/store-1", tale.formatted("Insufficient cpu")))
                .isEmpty();
        assertThat(links(
                        "pod-claims",
                        "pods/store-1",
                        tale.replaceFirst("'Pending'", "'Bound'")
                                .formatted("node(s) did not find available persistent volumes to bind")))
                .as("it has a volume")
                .isEmpty();
    }

    @Test
    void aVolumeThatNoNodeCanUseAnyMoreIsProvedIfSomeNodeCouldBefore() throws Exception {
        String volume = "is persistentvolumes/v {spec: {%s}}\n";
        String affinity =
                "nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: 'zone', operator: 'In', values: ['%s']}]}]}}";
        String told = "-20 is nodes/n1 {metadata: {labels: {zone: 'a'}}}\n-20 " + volume.formatted("%1$s")
                + "-20 is persistentvolumeclaims/c {spec: {volumeName: 'v'}, status: {phase: 'Bound'}}\n10 "
                + volume.formatted("%2$s")
                + """
                        20 made pods/p {spec: {volumes: [{name: 'd', persistentVolumeClaim: {claimName: 'c'}}], containers: [{name: 'p'}]}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: '2026-02-02T02:40:20Z', message: '0/1 nodes are available: 1 node(s) did not match the volume'}]}}
                        """;
        assertThat(links("volume-nodes", "pods/p", told.formatted("capacity: {}", affinity.formatted("b"))))
                .containsExactly("A v CHANGED spec.nodeAffinity");
        assertThat(links("volume-nodes", "pods/p", told.formatted("capacity: {}", affinity.formatted("a"))))
                .isEmpty();
        assertThat(links("volume-nodes", "pods/p", told.formatted(affinity.formatted("c"), affinity.formatted("b"))))
                .as("no node could use it before")
                .isEmpty();
    }
}
