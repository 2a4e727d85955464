/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.e2e.recording.Waiting;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.informer.cache.Lister;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Both Java clients, fabric8's and the official one, read a moment as they read a cluster. */
@Tag("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaClientsIT {

    private static final String SHOP = ServedRecording.NAMESPACE;

    private ServedRecording recording;
    private KubernetesClient fabric8;
    private ApiClient official;
    private List<String> pods;

    @BeforeAll
    void serve(@TempDir Path directory) throws Exception {
        recording = ServedRecording.afterTheIncident(directory);
        fabric8 = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(recording.kubeconfig().toFile()))
                .build();
        official = io.kubernetes.client.util.Config.fromConfig(
                recording.kubeconfig().toString());
        pods = names(fabric8.pods().inNamespace(SHOP).list());
        assertThat(pods).hasSizeGreaterThan(3);
    }

    @AfterAll
    void stop() {
        official.getHttpClient().dispatcher().executorService().shutdown();
        official.getHttpClient().connectionPool().evictAll();
        fabric8.close();
        recording.close();
    }

    private static List<String> names(PodList list) {
        return list.getItems().stream().map(pod -> pod.getMetadata().getName()).toList();
    }

    @Test
    void informersOfFabric8HoldWhatTheMomentHolds() throws Exception {
        try (SharedIndexInformer<Pod> informer =
                fabric8.pods().inNamespace(SHOP).inform()) {
            Waiting.until(Duration.ofSeconds(30), "the informer has synced", informer::hasSynced);
            assertThat(informer.getStore().list())
                    .extracting(pod -> pod.getMetadata().getName())
                    .containsExactlyInAnyOrderElementsOf(pods);
        }
    }

    @Test
    void selectorsAndPagesOfFabric8() {
        List<String> checkouts =
                pods.stream().filter(name -> name.startsWith("checkout-")).toList();
        assertThat(names(fabric8.pods()
                        .inNamespace(SHOP)
                        .withLabel("app", "checkout")
                        .list()))
                .isEqualTo(checkouts);
        assertThat(names(fabric8.pods()
                        .inNamespace(SHOP)
                        .withField("metadata.name", pods.getFirst())
                        .list()))
                .containsExactly(pods.getFirst());
        List<String> paged = new ArrayList<>();
        String token = "";
        do {
            PodList page = fabric8.pods()
                    .inNamespace(SHOP)
                    .list(new ListOptionsBuilder()
                            .withLimit(2L)
                            .withContinue(token.isEmpty() ? null : token)
                            .build());
            paged.addAll(names(page));
            token = page.getMetadata().getContinue() == null
                    ? ""
                    : page.getMetadata().getContinue();
        } while (!token.isEmpty());
        assertThat(paged).isEqualTo(pods);
    }

    @Test
    void fabric8IsToldThatThePastCannotBeChanged() {
        assertThatThrownBy(() -> fabric8.pods()
                        .inNamespace(SHOP)
                        .withName(pods.getFirst())
                        .delete())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("cannot change what was");
    }

    @Test
    void theOfficialClientListsAndReads() throws Exception {
        CoreV1Api core = new CoreV1Api(official);
        assertThat(core.listNamespacedPod(SHOP).execute().getItems())
                .extracting(pod -> pod.getMetadata().getName())
                .isEqualTo(pods);
        assertThat(new DynamicKubernetesApi("apps", "v1", "deployments", official)
                        .get(SHOP, "checkout")
                        .getObject()
                        .getRaw()
                        .getAsJsonObject("status")
                        .get("replicas")
                        .getAsInt())
                .isPositive();
        assertThatThrownBy(() -> core.deleteNamespacedPod(pods.getFirst(), SHOP).execute())
                .isInstanceOfSatisfying(ApiException.class, failure -> assertThat(failure.getCode())
                        .isEqualTo(405));
    }

    @Test
    void informersOfTheOfficialClientHoldWhatTheMomentHolds() throws Exception {
        CoreV1Api core = new CoreV1Api(official);
        SharedInformerFactory factory = new SharedInformerFactory(official);
        var informer = factory.sharedIndexInformerFor(
                (CallGeneratorParams params) -> core.listNamespacedPod(SHOP)
                        .resourceVersion(params.resourceVersion)
                        .timeoutSeconds(params.timeoutSeconds)
                        .watch(params.watch)
                        .buildCall(null),
                V1Pod.class,
                V1PodList.class);
        try {
            factory.startAllRegisteredInformers();
            Waiting.until(Duration.ofSeconds(30), "the informer has synced", informer::hasSynced);
            assertThat(new Lister<>(informer.getIndexer()).namespace(SHOP).list())
                    .extracting(pod -> pod.getMetadata().getName())
                    .containsExactlyInAnyOrderElementsOf(pods);
        } finally {
            factory.stopAllRegisteredInformers();
        }
    }

    /** What clients offer that is not needed on loopback: they get a plain answer. */
    @Test
    void offersOfHttp2AndGzipAreDeclined() throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(trusting(recording.server().certificate()))
                .build();
        URI pod = URI.create(official.getBasePath() + "/api/v1/namespaces/" + SHOP + "/pods");
        for (String method : List.of("GET", "HEAD")) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(pod)
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .header(
                                    "Authorization",
                                    "Bearer " + recording.server().token())
                            .header("Accept-Encoding", "gzip")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(answer.body().isEmpty()).isEqualTo(method.equals("HEAD"));
        }
        client.close();
    }

    private static SSLContext trusting(String certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        trusted.setCertificateEntry(
                "rewind",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.UTF_8))));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
