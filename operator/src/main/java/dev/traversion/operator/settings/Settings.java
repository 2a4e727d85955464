/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.settings;

import dev.traversion.archive.TraversionException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the operator is told by whoever installs it.
 *
 * @param namespace where the operator is; the workloads of all recordings, and the Secrets that these name, are there too
 * @param image of the recorder and of the server of the past
 * @param agentImage of the agents on the nodes
 * @param state a directory for files that are being written
 */
public record Settings(String namespace, String image, String agentImage, Path state) {

    public static final String FIELD_MANAGER = "traversion-operator";

    /**
     * As environment variables say: POD_NAMESPACE, TRAVERSION_IMAGE, TRAVERSION_AGENT_IMAGE, and TRAVERSION_STATE, which may be absent.
     *
     * @throws TraversionException if one is missing
     */
    public static Settings of(Map<String, String> environment) {
        return new Settings(
                namespace(environment),
                required(environment, "TRAVERSION_IMAGE", "the image of the recorder"),
                required(environment, "TRAVERSION_AGENT_IMAGE", "the image of the agents on the nodes"),
                Path.of(environment.getOrDefault("TRAVERSION_STATE", System.getProperty("java.io.tmpdir"))));
    }

    /**
     * The namespace of the operator only.
     *
     * @throws TraversionException if POD_NAMESPACE is missing
     */
    public static String namespace(Map<String, String> environment) {
        return required(environment, "POD_NAMESPACE", "the namespace of the operator");
    }

    private static String required(Map<String, String> environment, String name, String meaning) {
        String value = environment.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new TraversionException(
                    "The environment variable " + name + " is not set. It must name " + meaning + ".");
        }
        return value;
    }
}
