/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Certificates;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate whose time is over: nothing changed but the clock. */
final class CertificateExpiry extends PlainRule {

    /** Some say when the one ended that they mean. */
    private static final Pattern END = Pattern.compile("is after (\\d{4}-\\d\\d-\\d\\dT[\\d:]+Z)");

    CertificateExpiry() {
        super(
                "certificate-expiry",
                "A message says that a certificate has expired. Proved if the certificate was recorded: in a webhook's caBundle, or in a"
                        + " ConfigMap or Secret that the container, or what it calls, reads, and the message tells no other end;"
                        + " its last second is the cause.",
                causes());
    }

    private static Set<What> causes() {
        Set<What> all = new HashSet<>(TemplateRule.RUNNING);
        all.add(What.CREATE_REFUSED);
        return Set.copyOf(all);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String text = trouble.text().toLowerCase(Locale.ROOT);
        boolean says = text.contains("certificate") && text.contains("expired");
        if (!says) {
            return links;
        }
        Set<ObjectKey> services = new LinkedHashSet<>();
        if (trouble.what() == What.CREATE_REFUSED) {
            for (AdmissionWebhook.Asked asked : AdmissionWebhook.asked(world, trouble)) {
                services.add(asked.service());
                Certificates.end(asked.webhook()
                                .path("clientConfig")
                                .path("caBundle")
                                .asText(""))
                        .ifPresent(end -> link(
                                asked.configuration(), asked.path() + ".clientConfig.caBundle", end, trouble, links));
            }
        } else {
            ofPod(world, trouble.about(), trouble, links);
            services.addAll(Addresses.named(
                    world, trouble.about().key().namespace(), trouble.about().get("spec")));
        }
        for (ObjectKey service : services) {
            for (ObjectKey pod : ServiceTroubles.podsEver(world, service)) {
                ofPod(world, world.versions(pod).getFirst(), trouble, links);
            }
        }
        return links;
    }

    private static void ofPod(World world, Version pod, Trouble trouble, List<Link> links) {
        for (Pods.Reference reference : Pods.references(pod.get("spec"))) {
            ObjectKey key = new ObjectKey(
                    reference.kind().equals("Secret") ? Types.SECRETS : Types.CONFIG_MAPS,
                    pod.key().namespace(),
                    reference.name());
            Version holder = world.at(key, trouble.from()).orElse(null);
            if (holder == null || reference.name().equals("kube-root-ca.crt")) {
                continue;
            }
            holder.get("data").properties().forEach(entry -> {
                Optional<Instant> end = Certificates.end(entry.getValue().asText(""));
                String path = "data[\"" + entry.getKey() + "\"]";
                end.ifPresent(instant -> link(holder, path, instant, trouble, links));
            });
        }
    }

    private static void link(Version holder, String path, Instant end, Trouble trouble, List<Link> links) {
        long at = Times.nanos(end);
        if (Rule.precedes(at, trouble)) {
            JsonNode value = TextNode.valueOf("valid until " + end);
            Change change = Change.observed(holder, path, value, at);
            Matcher told = END.matcher(trouble.text());
            boolean isOther = told.find() && Version.time(told.group(1), 0) != at;
            links.add(Link.to(change, isOther ? Tier.B : Tier.A, isOther ? 0.5 : 1, "the certificate has expired"));
        }
    }
}
