/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Variables that pods get for each Service of their namespace, whether they want them or not. */
final class ServiceLinks extends PlainRule {

    private static final Set<What> EARLY = Set.of(What.CRASHED, What.INIT_UNFINISHED);

    /**
     * As Kubernetes and shells write it: {@code $(DB_SERVICE_HOST)}, {@code ${DB_SERVICE_PORT}}, {@code $DB_PORT_80_TCP_ADDR}. What has
     * another value if it is not set, {@code ${DB_PORT:-80}}, is not missed.
     */
    private static final Pattern VARIABLE = Pattern.compile(
            "(?<!\\$)\\$(?:\\(|\\{(?![A-Z0-9_]+:?[-=+]))?([A-Z][A-Z0-9_]*?)"
                    + "(_SERVICE_HOST|_SERVICE_PORT|_PORT(?:_\\d+_(?:TCP|UDP|SCTP)(?:_ADDR|_PORT|_PROTO)?)?)(?![A-Za-z0-9_])");

    ServiceLinks() {
        super(
                "service-links",
                "A Service was created, for which pods made since have variables, NAME_PORT and others, and a container fails with"
                        + " them. Proved if its message has the value of one that nothing else gave it, and no pod was well with it;"
                        + " weaker if pods of the same template got ready before, and none since. Or the template says since a change that"
                        + " pods get none: proved if the container is started with one, $(NAME_SERVICE_HOST), of a Service that is there.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        taken(world, trouble, links);
        boolean hasLinks = EARLY.contains(trouble.what())
                && pod.key().type().equals(Types.PODS)
                && pod.get("spec", "enableServiceLinks").asBoolean(true);
        for (ObjectKey key : hasLinks ? world.keys(Types.SERVICES, pod.key().namespace()) : Set.<ObjectKey>of()) {
            if (world.versions(key).getFirst().at() <= world.from()) {
                continue;
            }
            for (Change change : world.changes(key)) {
                String address = change.after().get("spec", "clusterIP").asText("");
                boolean isNew = change.operation() == Change.Operation.CREATED
                        && change.at() <= pod.created() + SLACK
                        && !address.isEmpty()
                        && !address.equals("None");
                if (isNew) {
                    judge(world, trouble, change, address, links);
                }
            }
        }
        return links;
    }

    /** Variables that a container is started with, and is not given any more. */
    private static void taken(World world, Trouble trouble, List<Link> links) {
        for (Templates.Field field : Templates.of(world, trouble)) {
            JsonNode now = field.change().now();
            boolean isOff = field.starts("enableServiceLinks")
                    && field.change().operation() == Change.Operation.CHANGED
                    && now != null
                    && !now.asBoolean(true);
            if (isOff) {
                Optional<String> missed = missed(world, trouble);
                links.add(Link.to(
                        field.change(),
                        missed.isPresent() ? Tier.A : Tier.B,
                        missed.isPresent() ? 1 : 0.5,
                        "pods are not given variables of Services any more"
                                + missed.map(name -> ", and the container is started with " + name)
                                        .orElse("")));
            }
        }
    }

    /** A variable of a Service with which a container is started, and that nothing else may give it. */
    private static Optional<String> missed(World world, Trouble trouble) {
        ObjectKey pod = trouble.about().key();
        JsonNode container = Pods.container(trouble.about().get("spec"), trouble.container());
        Set<String> own = new HashSet<>();
        container.path("env").forEach(each -> own.add(each.path("name").asText()));
        List<String> texts = container.path("envFrom").isEmpty() ? Pods.texts(container) : List.of();
        for (String text : texts) {
            Matcher named = VARIABLE.matcher(text);
            while (named.find()) {
                String name = named.group(1).toLowerCase(Locale.ROOT).replace('_', '-');
                String variable = named.group(1) + named.group(2);
                boolean isThere = world.at(new ObjectKey(Types.SERVICES, pod.namespace(), name), trouble.from())
                        .filter(ServiceLinks::hasVariables)
                        .isPresent();
                boolean isSet =
                        own.contains(variable) || texts.stream().anyMatch(each -> each.contains(variable + "="));
                if (isThere && !isSet) {
                    return Optional.of(named.group());
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a Service has an address of its own, of which variables can tell. */
    private static boolean hasVariables(Version service) {
        return !List.of("", "None").contains(service.get("spec", "clusterIP").asText(""));
    }

    private static void judge(World world, Trouble trouble, Change change, String address, List<Link> links) {
        String variable = change.key().name().toUpperCase(Locale.ROOT).replace('-', '_');
        String text = trouble.text();
        boolean hasValue = text.contains("tcp://" + address + ":") || text.contains("udp://" + address + ":");
        boolean isOwn = Pods.texts(Pods.container(trouble.about().get("spec"), trouble.container())).stream()
                .anyMatch(each -> each.contains("://" + address + ":"));
        boolean isProved = hasValue && !isOwn && !Templates.wasWellSince(world, trouble, change.at());
        boolean isNamed = Rule.names(text, variable + "_PORT") || text.contains(variable + "_SERVICE_");
        if (hasValue || isNamed || Templates.failsSince(world, trouble.about(), change.at())) {
            links.add(Link.to(
                    change,
                    isProved ? Tier.A : Tier.B,
                    isProved ? 1 : isNamed ? 0.96 : 0.45,
                    "pods made since have variables of this Service, such as " + variable + "_PORT"));
        }
    }
}
