/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import java.util.Locale;
import java.util.UUID;

/** A namespace of one test (or of one test class, if the constructor or a @BeforeAll method asks for it), deleted after it. */
public final class Namespace implements AutoCloseable {

    private final String name;
    private final Kubectl kubectl;

    private Namespace(String name, Kubectl kubectl) {
        this.name = name;
        this.kubectl = kubectl;
    }

    /** Makes a namespace whose name begins with that of the class which needs it. */
    static Namespace create(Cluster cluster, Class<?> owner) {
        String prefix = owner.getSimpleName().replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
        String name = "e2e-" + prefix.substring(0, Math.min(prefix.length(), 40)) + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        cluster.kubectl().output("create", "namespace", name);
        return new Namespace(name, cluster.kubectl().with("--namespace", name));
    }

    public String name() {
        return name;
    }

    /** A kubectl that works in this namespace. */
    public Kubectl kubectl() {
        return kubectl;
    }

    /** Begins its deletion; the cluster ends what runs in it in its own time. */
    @Override
    public void close() {
        kubectl.output("delete", "namespace", name, "--wait=false", "--ignore-not-found");
    }
}
