/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.incluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.server.TypeNames;
import dev.traversion.kubectl.time.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Set;

/**
 * How far the recording of a cluster reaches, as its server tells.
 *
 * @param namespace of the objects times may name
 */
record ServedExtent(ClusterPast past, JsonNode cluster, String namespace) implements Recorded {

    @Override
    public Instant start() {
        return Instant.parse(cluster.path("start").asText());
    }

    @Override
    public Instant end() {
        return Instant.parse(cluster.path("end").asText());
    }

    @Override
    public String reasonBefore(Instant instant) {
        return "";
    }

    @Override
    public boolean live() {
        return cluster.path("live").asBoolean();
    }

    @Override
    public Instant beforeChange(String type, String name, int nth) {
        try {
            TypeNames names = past.types(end());
            Set<ResourceType> types = names.find(type);
            if (types.isEmpty()) {
                throw unknown(type);
            }
            for (ResourceType each : types) {
                JsonNode known = past.versions(each, names.isNamespaced(each) ? namespace : "", name, nth);
                JsonNode versions = known.path("versions");
                if (!versions.isEmpty()) {
                    Instant before =
                            Instant.parse(versions.path(0).path("at").asText()).minusNanos(1);
                    if (versions.size() < nth || before.isBefore(start())) {
                        throw new TraversionException("The recording has "
                                + (versions.size() + known.path("omitted").asLong()) + " versions of " + each + "/"
                                + name + ", so it does not know the moment before change ~" + nth + ".");
                    }
                    return before;
                }
            }
            throw new TraversionException("The recording has no " + type + "/" + name + " in the namespace " + namespace
                    + ". Name another one with -n NAMESPACE.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TraversionException unknown(String type) {
        return new TraversionException(
                "The recording knows no resource \"" + type + "\". See: kubectl traversion at now api-resources");
    }
}
