/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.PodTroubles;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pod's own name in the cluster's DNS. */
final class PodNames extends PlainRule {

    /** As Go, Node.js, Python and tools of Linux say it. */
    private static final Pattern UNKNOWN =
            Pattern.compile("(?:lookup |ENOTFOUND |resolve host:? ['\"]?|bad address ['\"]?)"
                    + "([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)");

    PodNames() {
        super(
                "pod-names",
                "A failing container names a pod behind a headless Service, HOSTNAME.SERVICE, and the hostname or subdomain in the"
                        + " template of that pod was changed, or its StatefulSet has fewer replicas or other ordinals since. Proved if a"
                        + " pod had the name before, and none has since, and it is named alone, or the message names it. Or the message"
                        + " says that the name is not known, and the pod is there, but in trouble.",
                TemplateRule.RUNNING);
    }

    /** A name of a pod: its hostname, and the Service that is its subdomain. */
    private record Name(String host, ObjectKey service) {

        boolean isOf(JsonNode spec) {
            return spec.path("hostname").asText("").equals(host)
                    && spec.path("subdomain").asText("").equals(service.name());
        }
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        Set<Name> judged = new HashSet<>();
        Matcher unknown = UNKNOWN.matcher(trouble.text());
        while (unknown.find()) {
            name(unknown.group(1), pod).filter(judged::add).ifPresent(name -> {
                judge(world, trouble, name, true, links);
                unready(world, trouble, name, links);
            });
        }
        for (String text : Pods.texts(Pods.container(pod.get("spec"), trouble.container()))) {
            List<Addresses.Address> all = Addresses.in(text);
            for (Addresses.Address address : all) {
                // Of several, whoever calls may do without one.
                name(address.host(), pod)
                        .filter(name -> !address.isIp() && judged.add(name))
                        .ifPresent(name -> judge(
                                world,
                                trouble,
                                name,
                                all.size() == 1 || Rule.names(trouble.text(), name.host()),
                                links));
            }
        }
        return links;
    }

    /** Of a host that may be one of a pod in the cluster. */
    private static Optional<Name> name(String host, Version pod) {
        String[] labels = host.split("\\.");
        if (labels.length < 2 || (labels.length > 3 && !labels[3].equals("svc"))) {
            return Optional.empty();
        }
        String space = labels.length > 2 ? labels[2] : pod.key().namespace();
        return Optional.of(new Name(labels[0], new ObjectKey(Types.SERVICES, space, labels[1])));
    }

    /** A pod that is not ready has no name, unless its Service publishes it. */
    private static void unready(World world, Trouble trouble, Name name, List<Link> links) {
        boolean isPublished = world.at(name.service(), trouble.from())
                .map(service -> service.get("spec", "publishNotReadyAddresses").asBoolean())
                .orElse(true);
        for (ObjectKey key : isPublished ? Set.<ObjectKey>of() : ServiceTroubles.podsEver(world, name.service())) {
            boolean isIt = world.at(key, trouble.from() + SLACK)
                    .filter(pod -> name.isOf(pod.get("spec")))
                    .isPresent();
            for (Trouble of : isIt ? PodTroubles.of(world, key) : List.<Trouble>of()) {
                if (Rule.precedes(of.from(), trouble) && of.to() >= trouble.from()) {
                    links.add(Link.to(
                            of, Tier.B, 0.93, "the container names the pod " + key.name() + ", which is not ready"));
                }
            }
        }
    }

    private static void judge(World world, Trouble trouble, Name name, boolean isNeeded, List<Link> links) {
        if (world.versions(name.service()).isEmpty()) {
            return;
        }
        for (Version maker : MixedEndpoints.behind(world, name.service())) {
            String spec = Templates.prefix(maker.body()) + "spec.";
            for (Change change : world.changes(maker.key())) {
                boolean isName =
                        change.path().equals(spec + "hostname") || change.path().equals(spec + "subdomain");
                boolean isOrdinal =
                        change.path().equals("spec.replicas") || change.path().startsWith("spec.ordinals");
                boolean isOther = change.before() != null
                        && ((isName && isOther(world, trouble, change, name))
                                || (isOrdinal && isNoOrdinal(world, trouble, change, name)));
                if (isOther && Rule.precedes(change.at(), trouble)) {
                    boolean isProved =
                            isNeeded && has(world, name, change.at()) && !has(world, name, trouble.from() + SLACK);
                    links.add(Link.to(
                            change,
                            isProved ? Tier.A : Tier.B,
                            isProved ? 1 : 0.7,
                            "the container names the pod " + name.host() + "."
                                    + name.service().name() + ", and pods are not made with that name any more"));
                }
            }
        }
    }

    private static boolean isOther(World world, Trouble trouble, Change change, Name name) {
        return name.isOf(Pods.template(change.before().body()).path("spec"))
                && Fields.stands(
                        world,
                        change,
                        trouble.from(),
                        maker -> !name.isOf(Pods.template(maker.body()).path("spec")));
    }

    /** Whether a name is that of a pod which a StatefulSet made before, and does not since. */
    private static boolean isNoOrdinal(World world, Trouble trouble, Change change, Name name) {
        return change.key().type().equals(Types.STATEFUL_SETS)
                && makes(change.before(), name)
                && Fields.stands(world, change, trouble.from(), set -> !makes(set, name));
    }

    private static boolean makes(Version set, Name name) {
        JsonNode spec = set.get("spec");
        String stem = set.key().name() + "-";
        String ordinal = name.host().startsWith(stem) ? name.host().substring(stem.length()) : "";
        int start = spec.path("ordinals").path("start").asInt(0);
        boolean isIts = ordinal.matches("\\d{1,8}")
                && spec.path("serviceName").asText("").equals(name.service().name());
        return isIts
                && Integer.parseInt(ordinal) >= start
                && Integer.parseInt(ordinal) < start + spec.path("replicas").asInt(1);
    }

    private static boolean has(World world, Name name, long time) {
        for (ObjectKey key : ServiceTroubles.podsEver(world, name.service())) {
            boolean has = world.at(key, time)
                    .filter(pod -> !pod.get("metadata").has("deletionTimestamp") && name.isOf(pod.get("spec")))
                    .isPresent();
            if (has) {
                return true;
            }
        }
        return false;
    }
}
