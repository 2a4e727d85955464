/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import java.nio.file.Path;

/**
 * A Kubernetes that tests share. Whoever makes objects in it makes them in a {@link Namespace} of its own, or removes them.
 *
 * @param origin where it comes from, for messages
 * @param kubectl as an administrator
 */
public record Cluster(String origin, Kubectl kubectl) {

    /** The image of the test workloads, in version 1; versions 2 and 3 are the same program. */
    public static final String ACTOR = "traversion.test/actor:1";

    /** A kubeconfig whose current context is this cluster's, with an administrator's rights. */
    public Path kubeconfig() {
        return kubectl.kubeconfig();
    }

    /** Whether its nodes hold the images of the test workloads, {@link #ACTOR} and its versions. */
    public boolean hasImages() {
        return kubectl.output("get", "nodes", "-o", "jsonpath={.items[*].status.images[*].names}")
                .contains(ACTOR);
    }
}
