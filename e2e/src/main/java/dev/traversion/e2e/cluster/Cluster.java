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

    static final String LOCAL = "this machine";

    /** A kubeconfig whose current context is this cluster's, with an administrator's rights. */
    public Path kubeconfig() {
        return kubectl.kubeconfig();
    }

    /** Whether this machine is its node, to which images can be given. */
    public boolean isLocal() {
        return origin.equals(LOCAL);
    }

    /** Gives the node the images of an archive, as "docker save" writes it. Only where this machine is the node. */
    public void load(Path archive) {
        LocalCluster.shared().succeed("load", archive.toString());
    }

    /** Gives an image that the node has another name, too. Only where this machine is the node. */
    public void tag(String image, String name) {
        LocalCluster.shared().succeed("tag", image, name);
    }

    /** Whether its nodes hold the images of the test workloads, {@link #ACTOR} and its versions. */
    public boolean hasImages() {
        return kubectl.output("get", "nodes", "-o", "jsonpath={.items[*].status.images[*].names}")
                .contains(ACTOR);
    }
}
