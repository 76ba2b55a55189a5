PARTITIONS=DEFAULT
DISTRIBUTIONS="base.txz kernel.txz"

#!/bin/sh
mkdir -p /root/.ssh
echo '${key}' > /root/.ssh/authorized_keys
sysrc sshd_enable=YES
