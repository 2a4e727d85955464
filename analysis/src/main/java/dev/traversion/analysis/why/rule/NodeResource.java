/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.StatusChanges;
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

/** A node that has less of something than it had. */
final class NodeResource extends PlainRule {

    private static final Pattern LACKING = Pattern.compile("Insufficient ([A-Za-z0-9][A-Za-z0-9./_-]*[A-Za-z0-9])");

    private static final int MOST = 500;

    NodeResource() {
        super(
                "node-resource",
                "No node has enough of what a pod asks for, since one reports less of it, such as of a device. Proved: the node takes the"
                        + " pod with what it reported before, and not with what it reports since.",
                Set.of(What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Set<String> lacking = new LinkedHashSet<>();
        Matcher matcher = LACKING.matcher(trouble.text());
        while (matcher.find()) {
            lacking.add(matcher.group(1));
        }
        Fit fit = lacking.isEmpty()
                ? null
                : new Fit(world, trouble.from(), Set.of(trouble.about().key()));
        for (ObjectKey node : fit == null ? Set.<ObjectKey>of() : world.keys(Types.NODES, "")) {
            for (String resource : lacking) {
                less(world, trouble, fit, node, resource, links);
            }
        }
        return links;
    }

    private static void less(World world, Trouble trouble, Fit fit, ObjectKey node, String resource, List<Link> links) {
        List<Version> versions = world.versions(node).stream()
                .filter(each -> !each.deleted() && each.at() <= trouble.from() + SLACK)
                .toList();
        // Nodes have many versions: of many nodes only those of one that has less than at first are looked at.
        boolean isFew = versions.size() * world.keys(Types.NODES, "").size() <= MOST;
        boolean mayHaveLess = versions.size() > 1
                && (isFew
                        || amount(versions.getLast(), "allocatable", resource)
                                < amount(versions.getFirst(), "allocatable", resource));
        if (!mayHaveLess) {
            return;
        }
        // What it has got back by then is no reason.
        double last = amount(versions.getLast(), "allocatable", resource);
        Version before = versions.getFirst();
        Change reported = null;
        for (Version version : versions.subList(1, versions.size())) {
            if (amount(version, "capacity", resource) < amount(before, "capacity", resource)) {
                reported = change(world, before, version, "status.capacity", resource, reported);
            }
            double had = amount(before, "allocatable", resource);
            if (amount(version, "allocatable", resource) < had && last < had) {
                Change own = change(world, before, version, "status.allocatable", resource, null);
                Change change = reported == null ? own : reported;
                if (change != null && takes(fit, trouble, before) && !takes(fit, trouble, version)) {
                    Tier tier = fit.knowsPods() ? Tier.A : Tier.B;
                    links.add(Link.to(change, tier, 0.98, "the node has less of " + resource + " since"));
                }
                reported = null;
            }
            before = version;
        }
    }

    private static boolean takes(Fit fit, Trouble trouble, Version node) {
        Version pod = trouble.about();
        return fit.on(pod.get("spec"), Pods.labels(pod), pod.key().namespace(), node);
    }

    private static double amount(Version node, String list, String resource) {
        JsonNode value = node.get("status", list, resource);
        return Quantities.of(value, 0);
    }

    private static Change change(
            World world, Version before, Version after, String path, String resource, Change otherwise) {
        return StatusChanges.between(world, before, after, path).stream()
                .filter(each -> each.path().contains(resource))
                .findFirst()
                .orElse(otherwise);
    }
}
