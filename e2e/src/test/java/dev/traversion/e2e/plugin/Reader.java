/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.Namespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A service account that may read only some resources, in all namespaces. */
record Reader(Kubectl admin, String name, Path kubeconfig) implements AutoCloseable {

    /** @param resources as in {@code kubectl create clusterrole --resource} */
    static Reader of(Cluster cluster, Namespace namespace, Path directory, String resources) throws Exception {
        Kubectl admin = cluster.kubectl();
        String name = namespace.name() + "-reader";
        namespace.kubectl().output("create", "serviceaccount", "reader");
        admin.output("create", "clusterrole", name, "--verb=get,list,watch", "--resource=" + resources);
        admin.output(
                "create",
                "clusterrolebinding",
                name,
                "--clusterrole=" + name,
                "--serviceaccount=" + namespace.name() + ":reader");
        String token = namespace.kubectl().output("create", "token", "reader").strip();
        Path kubeconfig = directory.resolve("reader.kubeconfig");
        Files.copy(cluster.kubeconfig(), kubeconfig, StandardCopyOption.REPLACE_EXISTING);
        Kubectl own = new Kubectl(admin.program(), kubeconfig);
        own.output("config", "set-credentials", "reader", "--token=" + token);
        own.output("config", "set-context", "--current", "--user=reader");
        return new Reader(admin, name, kubeconfig);
    }

    @Override
    public void close() {
        admin.output("delete", "clusterrolebinding,clusterrole", name);
    }
}
