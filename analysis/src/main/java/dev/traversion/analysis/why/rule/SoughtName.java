/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A name that a container looks up in vain, and where it has it from. */
final class SoughtName extends PlainRule {

    /** A certificate or its key tells no name to look up. */
    private static final Pattern KEY = Pattern.compile("\\.(crt|key|pem|p12|jks)\\b");

    private static final long BEFORE = 60_000_000_000L;

    /** So long before the window it is looked who sought a name, ns. */
    private static final long EARLIER = 600_000_000_000L;

    /** So many of the pods before are looked at. */
    private static final int MOST = 20;

    SoughtName() {
        super(
                "sought-name",
                "The agent on the node saw a failing pod look up a name in vain, which no pod of its workload did before a change. What"
                        + " the pod is made of, or reads, was changed, and has that name since; or nothing that it reads openly"
                        + " has it, there was no Service of the name, and a Secret was changed, of which it must have it then."
                        + " Needs what was recorded on the node.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        boolean isPod = pod.key().type().equals(Types.PODS);
        Map<String, Kernel.Happening> sought =
                isPod ? sought(world, pod, trouble.from() - BEFORE, trouble.from() + SLACK) : Map.of();
        if (sought.isEmpty()) {
            return links;
        }
        Map<String, Kernel.Happening> first = first(world, pod, trouble.from() + SLACK);
        for (Map.Entry<String, Kernel.Happening> each : sought.entrySet()) {
            Pattern name = Pattern.compile("(?<![A-Za-z0-9-])" + Pattern.quote(each.getKey()) + "(?![A-Za-z0-9-])");
            long since = first.getOrDefault(each.getKey(), each.getValue()).at();
            boolean isHidden = !isOpen(world, pod, name) && !wasService(world, pod, each.getKey());
            inputs(world, trouble).stream()
                    .filter(change -> change.at() <= since)
                    .forEach(change -> strength(change, name, isHidden)
                            .ifPresent(strength -> links.add(link(trouble, change, each, strength))));
        }
        return links;
    }

    private static Link link(
            Trouble trouble, Change change, Map.Entry<String, Kernel.Happening> sought, double strength) {
        Kernel.Happening seen = sought.getValue();
        Evidence evidence = new Evidence(Evidence.Type.KERNEL, trouble.about(), seen.at(), seen.text());
        String what = "the container looks up the name " + sought.getKey() + " in vain since";
        return new Link(change, null, Tier.B, strength, what, List.of(evidence), List.of());
    }

    /** What was changed of the template of a pod, and of what it reads, before the trouble. */
    private static List<Change> inputs(World world, Trouble trouble) {
        List<Change> found = new ArrayList<>();
        Templates.of(world, trouble).forEach(field -> found.add(field.change()));
        ConfigContent.read(
                        world,
                        trouble.about().key().namespace(),
                        trouble.about().get("spec"))
                .stream()
                .filter(change -> Rule.precedes(change.at(), trouble))
                .forEach(found::add);
        return found;
    }

    private static Optional<Double> strength(Change change, Pattern name, boolean isHidden) {
        if (change.operation() != Change.Operation.CHANGED || change.now() == null) {
            return Optional.empty();
        }
        boolean brings = name.matcher(change.now().toString()).find()
                && !name.matcher(String.valueOf(change.old())).find();
        if (brings) {
            return Optional.of(0.92);
        }
        boolean isSecret = change.key().type().equals(Types.SECRETS)
                && !KEY.matcher(change.path()).find();
        return isSecret && isHidden ? Optional.of(0.9) : Optional.empty();
    }

    /** Whether the spec of a pod, or a ConfigMap that it reads, has a name. */
    private static boolean isOpen(World world, Version pod, Pattern name) {
        JsonNode spec = pod.get("spec");
        if (name.matcher(spec.toString()).find()) {
            return true;
        }
        for (Pods.Reference reference : Pods.references(spec)) {
            ObjectKey key = new ObjectKey(Types.CONFIG_MAPS, pod.key().namespace(), reference.name());
            boolean has = reference.kind().equals("ConfigMap")
                    && world.at(key, pod.at()).stream()
                            .anyMatch(map ->
                                    name.matcher(map.get("data").toString()).find());
            if (has) {
                return true;
            }
        }
        return false;
    }

    /** Whether there was a Service of a name: then it is sought as before, and what became of that is the cause. */
    private static boolean wasService(World world, Version pod, String name) {
        String[] labels = name.split("\\.", 3);
        String namespace = labels.length > 1 ? labels[1] : pod.key().namespace();
        return !world.versions(new ObjectKey(Types.SERVICES, namespace, labels[0]))
                .isEmpty();
    }

    /** When each name was looked up in vain first by any pod of the same workload. */
    private static Map<String, Kernel.Happening> first(World world, Version pod, long until) {
        Map<String, Kernel.Happening> found = new HashMap<>();
        WorkloadTroubles.family(world, Templates.maker(world, pod)).stream()
                .filter(key -> key.type().equals(Types.PODS))
                .map(key -> world.versions(key).getFirst())
                .sorted(Comparator.comparingLong(Version::created))
                .limit(MOST)
                .forEach(each -> sought(world, each, Math.max(world.from() - EARLIER, each.created()), until)
                        .forEach(found::putIfAbsent));
        return found;
    }

    /** The names that a pod looked up in vain, as it has them: without the domains that are tried for it. */
    private static Map<String, Kernel.Happening> sought(World world, Version pod, long from, long to) {
        Map<String, Kernel.Happening> found = new LinkedHashMap<>();
        String own = "." + pod.key().namespace() + ".svc.";
        for (Kernel.Happening each : world.happenings(pod, from, to).orElse(List.of())) {
            int end = each.name().contains(own)
                    ? each.name().indexOf(own)
                    : each.name().indexOf(".svc.");
            if (end > 0) {
                found.putIfAbsent(each.name().substring(0, end), each);
            }
        }
        return found;
    }
}
