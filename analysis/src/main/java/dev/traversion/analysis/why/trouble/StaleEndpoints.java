/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Notice;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A Service that leads to pods that are gone, since what looks after its EndpointSlices may not write them. */
final class StaleEndpoints {

    /** How admission says no; conflicts, which are tried again, are told by the same Event. */
    private static final Pattern REFUSED = Pattern.compile("denied (?:the )?request|failed calling webhook");

    private StaleEndpoints() {}

    /** Empty if any address may still answer, or no pod is ready that should be there instead. */
    static Optional<Trouble> of(World world, Version service) {
        List<Notice> refused = world.notices(service.key(), "Service").stream()
                .filter(notice -> notice.reason().equals("FailedToUpdateEndpointSlices")
                        && REFUSED.matcher(notice.message()).find())
                .toList();
        boolean isStale = !refused.isEmpty()
                && world.knows(Types.PODS, service.key().namespace())
                && !leadsToAny(world, service)
                && ServiceTroubles.pods(world, service, world.to()).stream().anyMatch(Pods::isReady);
        if (!isStale) {
            return Optional.empty();
        }
        return Optional.of(new Trouble(
                What.ENDPOINTS_STALE,
                service,
                "",
                refused.getLast().message(),
                Math.max(refused.getFirst().first(), world.from()),
                Long.MAX_VALUE,
                List.of(refused.getFirst().evidence())));
    }

    private static boolean leadsToAny(World world, Version service) {
        for (Version slice : ServiceTroubles.slicesAt(world, service.key(), world.to())) {
            for (JsonNode endpoint : slice.get("endpoints")) {
                boolean isReady = endpoint.path("conditions").path("ready").asBoolean(true);
                JsonNode target = endpoint.path("targetRef");
                if (isReady && (!target.path("kind").asText().equals("Pod") || isThere(world, slice, target))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isThere(World world, Version slice, JsonNode target) {
        ObjectKey pod = new ObjectKey(
                Types.PODS, slice.key().namespace(), target.path("name").asText());
        return world.at(pod, world.to())
                .filter(each -> each.uid().equals(target.path("uid").asText(each.uid())))
                .isPresent();
    }
}
