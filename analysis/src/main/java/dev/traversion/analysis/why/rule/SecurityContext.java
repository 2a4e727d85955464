/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a pod or container may do on its node. */
final class SecurityContext extends TemplateRule {

    /** The first port that anybody may bind, where the node's runtime does not say otherwise. */
    private static final int FIRST_FREE = 1024;

    private static final String FREE = "net.ipv4.ip_unprivileged_port_start";

    private static final String SYSCTL = "sysctlforbidden";

    private static final String DENIED = "permission denied";

    /** What kubelets, runtimes and programs say of somebody who may not. */
    private static final List<String> SAID = List.of(
            "runasnonroot",
            "run as root",
            DENIED,
            "operation not permitted",
            "access denied",
            "seccomp",
            "apparmor",
            SYSCTL);

    private static final Set<String> SLIGHT = Set.of("allowPrivilegeEscalation", "runAsNonRoot");

    private static final String READ_ONLY = "read-only file system";

    SecurityContext() {
        super(
                "security-context",
                "The securityContext of a pod or container was changed, and the container cannot be started, or fails from its first start"
                        + " on; stronger if the message says that something is not permitted, or if it may not bind a port below 1024 any"
                        + " more, and has one. Proved if both, or if the kubelet rejects pods for a kernel parameter that they ask for"
                        + " since.",
                and(STARTING, What.CONFIG_MISSING));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        boolean isIts = field.container().isEmpty() || field.isOf(trouble);
        if (!isIts || !field.starts("securityContext") || isOnlyAsked(trouble, field)) {
            return Optional.empty();
        }
        String text = trouble.text().toLowerCase(Locale.ROOT);
        boolean isFileSystem = text.contains(READ_ONLY);
        boolean says = isFileSystem ? isReadOnly(field.change()) : SAID.stream().anyMatch(text::contains);
        if (!says && trouble.what() == What.CONFIG_MISSING) {
            return Optional.empty();
        }
        boolean saysElse = trouble.what() == What.CRASHED && text.contains("): ");
        boolean isPort = text.lines().anyMatch(SecurityContext::isOfPort);
        if (text.startsWith(SYSCTL) && asksSince(trouble, field)) {
            return Optional.of(Link.to(
                    field.change(), Tier.A, 1, "pods ask for a kernel parameter since that the kubelet does not set"));
        }
        if (mayNotBind(trouble, field) || isClosed(trouble, field)) {
            return Optional.of(Link.to(
                    field.change(),
                    says && isPort && !isFileSystem ? Tier.A : Tier.B,
                    says ? 0.99 : saysElse ? 0.65 : 0.9,
                    "the container may not bind its port below " + FIRST_FREE + " any more"));
        }
        return Optional.of(Link.to(
                field.change(),
                Tier.B,
                isSlight(field) ? 0.6 : says ? (text.contains(DENIED) && isOther(field.change()) ? 0.985 : 0.98) : 0.61,
                "the container may do other things on its node since"));
    }

    /** Whether it takes nothing away from a program that does not change who it is. */
    private static boolean isSlight(Templates.Field field) {
        JsonNode now = field.change().now();
        boolean isWhole = field.tail().equals("securityContext")
                && now != null
                && field.change().old() == null;
        return isWhole
                ? SLIGHT.containsAll(
                        now.properties().stream().map(Map.Entry::getKey).toList())
                : SLIGHT.contains(field.tail().replaceFirst("^securityContext\\.", ""));
    }

    /** Whether the container is another user since: what it may not read then is not its own. */
    private static boolean isOther(Change change) {
        String field = "runAsUser";
        return change.path().endsWith(field)
                || (change.now() != null && change.now().has(field));
    }

    /** Whether it is what a kubelet asks before it starts a container, and which changes nothing of one that was started. */
    private static boolean isOnlyAsked(Trouble trouble, Templates.Field field) {
        return field.tail().equals("securityContext.runAsNonRoot") && TemplateRule.RUNNING.contains(trouble.what());
    }

    /** Whether a line says that a port may not be bound: what else was said may be about something else. */
    private static boolean isOfPort(String line) {
        return (line.contains("bind") || line.contains("listen"))
                && SAID.stream().anyMatch(line::contains);
    }

    private static boolean isReadOnly(Change change) {
        JsonNode now = change.now() == null ? MissingNode.getInstance() : change.now();
        String field = "readOnlyRootFilesystem";
        return (change.path().endsWith(field) ? now : now.path(field)).asBoolean();
    }

    /** Whether a message names a kernel parameter that pods ask for since a change, and did not before. */
    private static boolean asksSince(Trouble trouble, Templates.Field field) {
        boolean isInput = field.tail().equals("securityContext") || field.starts("securityContext.sysctls");
        if (!isInput || field.change().before() == null) {
            return false;
        }
        Set<String> before = sysctls(field.change().before());
        Set<String> since = sysctls(field.change().after());
        return sysctls(trouble.about()).stream()
                .anyMatch(name -> since.contains(name)
                        && !before.contains(name)
                        && trouble.text().contains('"' + name + '"'));
    }

    private static Set<String> sysctls(Version maker) {
        Set<String> found = new TreeSet<>();
        JsonNode context = Pods.template(maker.body()).path("spec").path("securityContext");
        context.path("sysctls").forEach(each -> found.add(each.path("name").asText()));
        return found;
    }

    /** Whether a port of the container was free for anybody in its pod, by a kernel parameter, and is not since. */
    private static boolean isClosed(Trouble trouble, Templates.Field field) {
        boolean isInput = field.container().isEmpty()
                && (field.tail().equals("securityContext") || field.starts("securityContext.sysctls"));
        JsonNode container = Pods.container(trouble.about().get("spec"), trouble.container());
        return isInput
                && field.change().before() != null
                && sysctls(field.change().before()).contains(FREE)
                && !sysctls(field.change().after()).contains(FREE)
                && Pods.listens(container, FIRST_FREE);
    }

    /** Whether a container has a port for which it needs a capability, had that before, and has not since. */
    private static boolean mayNotBind(Trouble trouble, Templates.Field field) {
        JsonNode spec = trouble.about().get("spec");
        JsonNode container = Pods.container(spec, trouble.container());
        JsonNode before = field.change().before() == null
                ? container
                : Pods.container(Pods.template(field.change().before().body()).path("spec"), trouble.container());
        boolean isFree = spec.path("hostNetwork").asBoolean()
                || spec.path("securityContext").path("sysctls").toString().contains(FREE);
        JsonNode after =
                Pods.container(Pods.template(field.change().after().body()).path("spec"), trouble.container());
        boolean isInput = field.isOf(trouble)
                && (field.tail().equals("securityContext") || field.starts("securityContext.capabilities"));
        return isInput
                && !isFree
                && mayBind(before)
                && !mayBind(after)
                && !mayBind(container)
                && Pods.listens(container, FIRST_FREE);
    }

    private static boolean mayBind(JsonNode container) {
        JsonNode capabilities = container.path("securityContext").path("capabilities");
        return container.path("securityContext").path("privileged").asBoolean()
                || hasBind(capabilities.path("add"))
                || !hasBind(capabilities.path("drop"));
    }

    private static boolean hasBind(JsonNode capabilities) {
        for (JsonNode each : capabilities) {
            if (each.asText().equalsIgnoreCase("ALL") || each.asText().endsWith("NET_BIND_SERVICE")) {
                return true;
            }
        }
        return false;
    }
}
