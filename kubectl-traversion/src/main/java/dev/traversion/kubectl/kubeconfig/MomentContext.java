/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.kubeconfig;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * What a kubeconfig needs for one moment.
 *
 * @param name of the context, and of its cluster and user: {@code prod@14:03:22Z}
 * @param server URL of the moment's API
 * @param certificate PEM of the server's authority
 * @param token bearer token
 * @param namespace default namespace; {@code ""} for none
 */
public record MomentContext(String name, String server, String certificate, String token, String namespace) {

    /** Marks entries as ours, in the place kubeconfig has for that. */
    static final String EXTENSION = "traversion.dev";

    /** A whole kubeconfig with this as its only, current context. */
    public String kubeconfig() {
        return kubeconfig(List.of(this), name);
    }

    /** A whole kubeconfig. */
    public static String kubeconfig(List<MomentContext> moments, String current) {
        StringBuilder clusters = new StringBuilder();
        StringBuilder users = new StringBuilder();
        StringBuilder contexts = new StringBuilder();
        for (MomentContext moment : moments) {
            clusters.append(moment.cluster("", ""));
            users.append(moment.user(""));
            contexts.append(moment.context(""));
        }
        return "apiVersion: v1\nkind: Config\nclusters:\n" + clusters + "users:\n" + users + "contexts:\n" + contexts
                + "current-context: " + quoted(current) + "\n";
    }

    /**
     * The item of the list of clusters.
     *
     * @param note kept with it, to be found again
     */
    String cluster(String indent, String note) {
        return item(indent, "cluster", "server: " + server, "certificate-authority-data: " + base64(certificate))
                + indent + "    extensions:\n"
                + indent + "    - name: " + EXTENSION + "\n"
                + indent + "      extension: {kind: Moment, apiVersion: traversion.dev/v1, before: " + quoted(note)
                + "}\n"
                + indent + "  name: " + quoted(name) + "\n";
    }

    String user(String indent) {
        return item(indent, "user", "token: " + token) + indent + "  name: " + quoted(name) + "\n";
    }

    String context(String indent) {
        String cluster = "cluster: " + quoted(name);
        String user = "user: " + quoted(name);
        String item = namespace.isEmpty()
                ? item(indent, "context", cluster, user)
                : item(indent, "context", cluster, "namespace: " + quoted(namespace), user);
        return item + indent + "  name: " + quoted(name) + "\n";
    }

    private static String item(String indent, String key, String... fields) {
        StringBuilder item = new StringBuilder(indent).append("- ").append(key).append(":\n");
        for (String field : fields) {
            item.append(indent).append("    ").append(field).append('\n');
        }
        return item.toString();
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
