/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.kubeconfig;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a kubeconfig needs for one moment.
 *
 * @param name of the context, and of its cluster and user: {@code prod@14:03:22Z}
 * @param server URL of the moment's API
 * @param certificate PEM of the server's authority; {@code ""} for the public ones
 * @param login who the user is to the server
 * @param namespace default namespace; {@code ""} for none
 */
public record MomentContext(String name, String server, String certificate, Login login, String namespace) {

    /**
     * How somebody proves who they are: by a token, or by a key.
     *
     * @param token {@code ""} for none
     * @param certificate PEM; {@code ""} for none
     * @param key PEM; {@code ""} for none
     * @param serverName the name in the server's certificate; {@code ""} where that is the host
     */
    public record Login(String token, String certificate, String key, String serverName) {

        public static Login byToken(String token) {
            return new Login(token, "", "", "");
        }

        public static Login byKey(String certificate, String key, String serverName) {
            return new Login("", certificate, key, serverName);
        }
    }

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
        List<String> fields = new ArrayList<>(List.of("server: " + server));
        if (!certificate.isEmpty()) {
            fields.add("certificate-authority-data: " + base64(certificate));
        }
        if (!login.serverName().isEmpty()) {
            fields.add("tls-server-name: " + quoted(login.serverName()));
        }
        return item(indent, "cluster", fields.toArray(String[]::new))
                + indent + "    extensions:\n"
                + indent + "    - name: " + EXTENSION + "\n"
                + indent + "      extension: {kind: Moment, apiVersion: traversion.dev/v1, before: " + quoted(note)
                + "}\n"
                + indent + "  name: " + quoted(name) + "\n";
    }

    String user(String indent) {
        String item = login.token().isEmpty()
                ? item(
                        indent,
                        "user",
                        "client-certificate-data: " + base64(login.certificate()),
                        "client-key-data: " + base64(login.key()))
                : item(indent, "user", "token: " + login.token());
        return item + indent + "  name: " + quoted(name) + "\n";
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
