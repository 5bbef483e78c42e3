-- Settings for who finds and who asks the register by program.

-- ---------------------------------------------------------------- settings

-- Who answers for the register, for those who find it in a catalogue of data; how much one caller
-- may ask for.
INSERT INTO setting (name, value) VALUES
    ('operatorName', ''), ('operatorEmail', ''), ('requestsPerSecond', '200'), ('requestBurst', '1000');
