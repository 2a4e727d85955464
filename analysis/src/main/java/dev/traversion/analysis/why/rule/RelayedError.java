/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.PodTroubles;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What somebody who is asked says of why it cannot answer. */
final class RelayedError extends PlainRule {

    private static final Pattern ANSWERED = Pattern.compile(
            "(?<![a-z0-9+])([a-z][a-z0-9+]*+://[^\\s\"']++)\\S*+\\s++(?:\\S++\\s++)?5\\d\\d\\b[:,;\\s-]*+([^\\n]{8,})");

    RelayedError() {
        super(
                "relayed-error",
                "A failing container says that a Service which it names answered with an error of a server, and what with; or it"
                        + " says no more than that, and the pods behind log what they cannot do: that is then what is wrong with these."
                        + " Not proved if it is from their log.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher answered = ANSWERED.matcher(trouble.text());
        while (answered.find() && links.isEmpty()) {
            String namespace = trouble.about().key().namespace();
            for (ObjectKey service : Addresses.meant(world, namespace, answered.group(1))) {
                behind(world, trouble, service)
                        .ifPresent(pod -> links.add(link(pod, trouble, service, answered.group(2), Tier.A)));
            }
        }
        for (Calls.Call call : links.isEmpty() ? Calls.ofAnswer(world, trouble) : List.<Calls.Call>of()) {
            if (call.hops() == 1) {
                behind(world, trouble, call.service()).ifPresent(pod -> {
                    List<String> lines = PodTroubles.complaints(world, pod, container(pod), trouble.from() + SLACK);
                    if (!lines.isEmpty()) {
                        links.add(link(pod, trouble, call.service(), String.join("\n", lines), Tier.B));
                    }
                });
            }
        }
        return links;
    }

    /** The youngest ready pod behind a Service, unless it is the failing one itself that is behind it. */
    private static Optional<Version> behind(World world, Trouble trouble, ObjectKey service) {
        List<Version> pods = ServiceTroubles.podsAt(world, service, trouble.from());
        boolean isOwn =
                pods.stream().anyMatch(pod -> pod.key().equals(trouble.about().key()));
        return isOwn
                ? Optional.empty()
                : pods.stream().filter(Pods::isReady).max(Comparator.comparingLong(Version::created));
    }

    private static Link link(Version pod, Trouble trouble, ObjectKey service, String text, Tier tier) {
        return Link.to(
                says(pod, trouble, text),
                tier,
                tier == Tier.A ? 0.95 : 0.8,
                "it answers for the Service " + service.path());
    }

    private static String container(Version pod) {
        return pod.get("spec", "containers").path(0).path("name").asText();
    }

    private static Trouble says(Version pod, Trouble trouble, String text) {
        String container = container(pod);
        return new Trouble(
                What.ANSWERS_ERRORS,
                pod,
                container,
                "container " + container + " answers with errors: " + text,
                trouble.from(),
                trouble.to(),
                trouble.evidence());
    }
}
