import java.io.FileInputStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints, for each file and parted by tabs: its name, how many checks PDF/UA-1 took, what failed. */
class VeraPdf {
    public static void main(String[] files) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.fromString("ua1");
        for (String file : files) {
            try (PDFAParser parser =
                            Foundries.defaultInstance().createParser(new FileInputStream(file), flavour);
                    PDFAValidator validator =
                            Foundries.defaultInstance().createValidator(flavour, true)) {
                ValidationResult result = validator.validate(parser);
                StringBuilder failed = new StringBuilder();
                for (TestAssertion one : result.getTestAssertions()) {
                    if (one.getStatus() == TestAssertion.Status.FAILED) {
                        failed.append(one.getRuleId().getClause()).append(": ");
                        failed.append(one.getMessage().replaceAll("\\s+", " ")).append("; ");
                    }
                }
                if (failed.length() == 0 && !result.isCompliant()) failed.append("not compliant");
                System.out.println(file + "\t" + result.getTotalAssertions() + "\t" + failed);
            }
        }
    }
}
