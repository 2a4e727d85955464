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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Another port to listen on, of which a Service was not told. */
final class BackendPort extends PlainRule {

    private static final Pattern TOLD =
            Pattern.compile("spec\\.(?:initC|c)ontainers\\[name=[^\\]]*\\]\\.(args|command|env)\\b.*");
    private static final Pattern VARIABLE = Pattern.compile("\\.env\\[name=([^\\]]*)\\]");
    private static final Pattern ELEMENT = Pattern.compile("(.*)\\[(\\d+)\\]");
    private static final Pattern OF_PORTS = Pattern.compile("\\.ports\\b|Probe\\b");

    BackendPort() {
        super(
                "backend-port",
                "A container names a Service, behind which others may name further ones. Its probe began to fail, with"
                        + " an error of a server or no answer in time, just when only pods were behind one of them that"
                        + " were told another port: a ConfigMap that they read, their arguments or a variable named the"
                        + " port that the Service sends to, and names another one since. Proved if it is said to be a port"
                        + " to listen on, the only one of the Service, and nothing else was changed of their template."
                        + " Not if they are probed at the port of before.",
                Set.of(What.READINESS_FAILED, What.LIVENESS_FAILED, What.STARTUP_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Calls.Call call : Calls.ofAnswer(world, trouble)) {
            for (Version service :
                    world.at(call.service(), trouble.from()).stream().toList()) {
                for (Version maker : Calls.behind(world, trouble, call.service())) {
                    told(world, trouble, call, service, maker, links);
                }
            }
        }
        return links;
    }

    private static void told(
            World world, Trouble trouble, Calls.Call call, Version service, Version maker, List<Link> links) {
        JsonNode spec = Templates.spec(world, maker, trouble.from());
        Set<Integer> targets = targets(service, spec);
        targets.removeAll(Pods.probed(spec));
        List<Change> changes =
                targets.isEmpty() ? List.of() : new ArrayList<>(BackendSettings.takenUp(world, trouble, call, maker));
        String prefix = Templates.prefix(maker.body());
        for (Change change : targets.isEmpty() ? List.<Change>of() : world.changes(maker.key())) {
            boolean isTold = change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith(prefix)
                    && TOLD.matcher(change.path().substring(prefix.length())).matches()
                    && TookOver.isJustThen(world, trouble, call.service(), change);
            if (isTold) {
                changes.add(change);
            }
        }
        for (Change change : changes) {
            for (int target : targets) {
                if (Ports.moves(change, target) && Fields.stands(world, change, trouble.from())) {
                    boolean isProved = service.get("spec", "ports").size() == 1
                            && isOwn(world, call, spec, change, target)
                            && Calls.isAlone(world, trouble, call.service(), maker, each -> isOfPort(each, target));
                    links.add(Link.to(
                            change,
                            isProved ? Tier.A : Tier.B,
                            call.fade(isProved ? 0.98 : 0.8),
                            "what answers for the Service " + call.service().path() + " was told the port " + target
                                    + ", to which that sends, and is told another one since"));
                }
            }
        }
    }

    /** The numbers of the ports to which a Service sends. */
    private static Set<Integer> targets(Version service, JsonNode spec) {
        Set<Integer> found = new LinkedHashSet<>();
        for (JsonNode port : service.get("spec", "ports")) {
            JsonNode target = port.has("targetPort") ? port.path("targetPort") : port.path("port");
            if (target.isNumber()) {
                found.add(target.asInt());
            }
            for (JsonNode container : Pods.containers(spec)) {
                for (JsonNode declared : container.path("ports")) {
                    if (target.isTextual()
                            && target.asText().equals(declared.path("name").asText())) {
                        found.add(declared.path("containerPort").asInt());
                    }
                }
            }
        }
        return found;
    }

    /** Whether a container listens at a port since it was told so, and nothing else tells it. */
    private static boolean isOwn(World world, Calls.Call call, JsonNode spec, Change change, int target) {
        String name = name(spec, change);
        boolean isOverridden = change.key().type().equals(Types.CONFIG_MAPS)
                && Pods.containers(spec).stream().anyMatch(container -> sets(container, name));
        return !isOverridden && Ports.isOwn(name, change.old().asText(), target, others(world, call.service()));
    }

    /** Whether a container says itself what a variable is, whatever else it reads. */
    private static boolean sets(JsonNode container, String variable) {
        for (JsonNode each : container.path("env")) {
            if (each.has("value") && each.path("name").asText().equals(variable)) {
                return true;
            }
        }
        return false;
    }

    /** What a setting is called: a key, behind the prefix with which it is read, a variable, or the argument before it. */
    private static String name(JsonNode spec, Change change) {
        if (change.key().type().equals(Types.CONFIG_MAPS)) {
            String prefix = "";
            for (JsonNode container : Pods.containers(spec)) {
                for (JsonNode from : container.path("envFrom")) {
                    boolean isIts = from.path("configMapRef")
                            .path("name")
                            .asText()
                            .equals(change.key().name());
                    prefix = isIts ? from.path("prefix").asText("") : prefix;
                }
            }
            return prefix + ConfigContent.member(change);
        }
        Matcher variable = VARIABLE.matcher(change.path());
        Matcher element = ELEMENT.matcher(change.path());
        if (variable.find()) {
            return variable.group(1);
        }
        return element.matches()
                ? Fields.value(
                                change.before().body(),
                                element.group(1) + "[" + Math.max(0, Integer.parseInt(element.group(2)) - 1) + "]")
                        .asText("")
                : "";
    }

    /** The names of other Services beside one. */
    private static Set<String> others(World world, ObjectKey service) {
        return world.keys(Types.SERVICES, service.namespace()).stream()
                .map(ObjectKey::name)
                .filter(name -> !name.equals(service.name()))
                .collect(Collectors.toSet());
    }

    /** Whether a change is about a port, too, or is the one that moved it. */
    private static boolean isOfPort(Change change, int target) {
        return OF_PORTS.matcher(change.path()).find() || Ports.moves(change, target);
    }
}
