/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
@UsesObjectStore
class ObjectStoreIT {

    @Test
    void answersAndAsksForCredentials(ObjectStore store) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest list =
                    HttpRequest.newBuilder(store.endpoint().resolve("/")).build();
            assertThat(client.send(list, HttpResponse.BodyHandlers.ofString()).body())
                    .contains("AccessDenied");
        }
        assertThat(store.accessKey()).isNotEmpty();
        assertThat(store.secretKey()).isNotEmpty();
    }
}
