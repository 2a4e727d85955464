/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {

    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder;

    @Test
    void anIdentityCarriesItsNameAndItsRequestIsForItsKey() throws Exception {
        ClientIdentity identity = ClientIdentity.create("traversion-a1b2", Instant.now(), DAY);
        X509Certificate certificate = certificate(identity.certificate());

        certificate.verify(certificate.getPublicKey());
        assertThat(ClientIdentity.name(certificate)).isEqualTo("traversion-a1b2");
        assertThat(ClientIdentity.keyOfRequest(identity.request()))
                .isEqualTo(certificate.getPublicKey().getEncoded());
    }

    @Test
    void aRequestThatIsNoneHasNoKey() {
        ClientIdentity identity = ClientIdentity.create("traversion-a1b2", Instant.now(), DAY);
        byte[] request = Base64.getMimeDecoder().decode(identity.request().replaceAll("-----[A-Z ]+-----", ""));
        for (int length = 0; length < request.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(request, length);
            assertThatThrownBy(() -> ClientIdentity.keyOfRequest(OwnCertificate.pem("CERTIFICATE REQUEST", cut)))
                    .as("%s bytes of it", length)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> ClientIdentity.keyOfRequest("nothing")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysAreReadInTheFormsOfCertManager() throws Exception {
        OwnCertificate own = OwnCertificate.create(Instant.now(), DAY, List.of("rewind.traversion.svc"));
        Key key = own.keyStore().getKey("traversion", own.password());
        Files.writeString(folder.resolve("tls.crt"), own.pem());
        Files.writeString(folder.resolve("tls.key"), OwnCertificate.pem("PRIVATE KEY", key.getEncoded()));
        assertThat(key(ServerKey.read(folder))).isEqualTo(key);

        // SEC 1 is the octet string that PKCS#8 holds.
        byte[] octets = Der.elements(key.getEncoded())[2];
        Files.writeString(
                folder.resolve("tls.key"),
                OwnCertificate.pem("EC PRIVATE KEY", java.util.Arrays.copyOfRange(octets, 2, octets.length)));
        assertThat(((ECPrivateKey) key(ServerKey.read(folder))).getS()).isEqualTo(((ECPrivateKey) key).getS());
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        OwnCertificate own = OwnCertificate.create(Instant.now(), DAY, List.of());
        OwnCertificate other = OwnCertificate.create(Instant.now(), DAY, List.of());
        Files.writeString(folder.resolve("tls.crt"), own.pem());
        Files.writeString(
                folder.resolve("tls.key"),
                OwnCertificate.pem(
                        "PRIVATE KEY",
                        other.keyStore().getKey("traversion", other.password()).getEncoded()));

        assertThatThrownBy(() -> ServerKey.read(folder))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("is not the key");
    }

    @Test
    void aFolderWithoutCertificateIsToldInASentence() {
        assertThatThrownBy(() -> new RotatingTls(Optional.of(folder), List.of(), Clock.systemUTC()))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("cannot be read");
    }

    private static Key key(KeyStore store) throws Exception {
        return store.getKey("traversion", new char[0]);
    }

    private static X509Certificate certificate(String pem) throws Exception {
        Certificate certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        return (X509Certificate) certificate;
    }
}
